import type { Span } from '../../program/diagnostic.ts';
import type { Template } from '../../program/expression.ts';
import { type ParsedBody, stepReads } from '../model/parsed-body.ts';
import { agentAt, type Place, pathTo, runningPlaces } from '../model/step-places.ts';
import type { Check } from './check.ts';
import { describeStep } from './flow/describe-step.ts';
import { runView, stateView } from './flow/state-view.ts';
import { keysOf, writtenKeys } from './state-access.ts';

/**
 * Where steps run side by side their writes count in the order in which they are listed, and without a reducer the last one wins (LANGUAGE §4.4): what another branch of a `parallel` wrote is
 * lost. In a loop with `concurrency` that is as it would be without; but what an item reads then depends on how far the others are. Where each write is committed at once
 * nothing puts them in order. Side by side at the top level (`concurrency` of the ensemble) writers keep their order (§6.3).
 */
export const parallelStateWriters: Check = {
  codes: ['parallel-state-writers'],
  check(body, findings) {
    const places = runningPlaces(body.model);
    const writes = places.flatMap((place) => writesAt(place, body));
    if (writes.length === 0) return;
    const { persist, backend } = body.model.state;
    const isCommittedAtOnce = persist === 'each' && backend !== 'memory';
    const read = readInLoops(places, body);
    const inLoops = new Set<Write>();
    const report = (span: Span, message: string, help: string): void => findings.report('parallel-state-writers', span, message, { help });
    for (const write of writes) {
      const loops = write.constant === undefined ? concurrentLoops(write.place) : [];
      const reading = loops.find((loop) => read.get(loop)?.has(write.key) === true || read.get(loop)?.has(ALL) === true);
      const loop = reading ?? (isCommittedAtOnce ? loops[0] : undefined);
      if (loop === undefined) continue;
      inLoops.add(write);
      const items = `items of ${loop === write.place ? 'its loop' : describeStep(loop.step)}`;
      const sets = `${describeStep(write.place.step)} sets state.${write.key}`;
      if (reading !== undefined)
        report(
          write.span,
          `${sets} while other ${items} read it: what they find depends on which is faster`,
          'let a reducer join the values (`add`, `append` …), so that no item needs to read what the others wrote',
        );
      else report(write.span, `${sets} for several ${items} at the same time: the last one decides what it holds`, JOIN_THEM);
    }
    const wins = isCommittedAtOnce ? 'the last one decides what it holds' : 'the one that is listed last wins';
    for (const [write, other] of besideEachOther(writes)) {
      if (inLoops.has(write)) continue;
      report(
        write.span,
        `${describeStep(write.place.step)} and ${describeStep(other.place.step)} set state.${write.key} at the same time: ${wins}`,
        JOIN_THEM,
      );
    }
  },
};

const JOIN_THEM = 'give the key a reducer (`append`, `merge`, `add` …), or set it in a step after them';
/** Stands for every key. */
const ALL = Symbol('all keys');

interface Write {
  readonly place: Place;
  readonly key: string;
  readonly span: Span;
  /** What is written, when the file says it: equal constants can be written in any order. */
  readonly constant?: string;
  readonly conditional: boolean;
}

/** The keys that a place writes and no reducer joins. An undoing runs by itself, after everything. */
function writesAt(place: Place, body: ParsedBody): readonly Write[] {
  const model = agentAt(place);
  const agent = model === undefined ? undefined : body.agents[model.index];
  if (model === undefined || agent === undefined || pathTo(place).some(({ within }) => within?.block.kind === 'compensate')) return [];
  const { step } = place;
  const own =
    step.type === 'run' && step.state?.set !== undefined
      ? { words: keysOf(step.state.set), set: body.stepValues.get(step)?.set }
      : undefined;
  const conditional = agent.condition !== undefined || (step.type === 'run' && step.condition !== undefined);
  const words = new Map((own?.words ?? writtenKeys(agent)).toReversed().map((word) => [word.text, word]));
  return [...words.values()].flatMap(({ text: key, span }) => {
    if ((body.model.state.schema?.get(key)?.reducer ?? 'replace') !== 'replace') return [];
    const constant = constantOf((own?.set ?? agent.set).find((field) => field.key.text === key)?.value.template);
    return [{ place, key, span, conditional, ...(constant !== undefined && { constant }) }];
  });
}

function constantOf(template: Template | undefined): string | undefined {
  if (template?.type === 'constant') return JSON.stringify(template.value);
  return template?.type === 'hole' && template.expression.type === 'literal' ? JSON.stringify(template.expression.value) : undefined;
}

/** The loops around a place, the outermost first, and that of its own agent, whose items are worked on side by side. */
function concurrentLoops(place: Place): readonly Place[] {
  const around = pathTo(place).flatMap(({ within }) => (within !== undefined && isConcurrent(within) ? [within.place] : []));
  return (agentAt(place)?.loop?.concurrency ?? 1) > 1 ? [...around, place] : around;
}

function isConcurrent({ place, block }: NonNullable<Place['within']>): boolean {
  const { step } = place;
  if (step.type === 'foreach') return step.concurrency > 1;
  if (step.type === 'map-reduce') return block.kind === 'map' && step.concurrency > 1;
  return (agentAt(place)?.loop?.concurrency ?? 1) > 1;
}

/** The state keys that what runs in each such loop may read. */
function readInLoops(places: readonly Place[], body: ParsedBody): ReadonlyMap<Place, ReadonlySet<string | typeof ALL>> {
  const found = new Map<Place, Set<string | typeof ALL>>();
  for (const place of places) {
    const loops = concurrentLoops(place);
    if (loops.length === 0) continue;
    const keys = keysReadAt(place, body);
    for (const loop of loops) {
      const known = found.get(loop) ?? new Set();
      for (const key of keys) known.add(key);
      found.set(loop, known);
    }
  }
  return found;
}

function keysReadAt({ step }: Place, body: ParsedBody): ReadonlySet<string | typeof ALL> {
  const { model } = body;
  if ((step.type === 'agent' || step.type === 'run') && step.agent !== undefined) {
    const { all, keys } = step.type === 'run' ? runView(step.agent, step, model) : stateView(step.agent, model);
    return all ? new Set([ALL]) : keys;
  }
  const reads = stepReads(body.stepValues.get(step) ?? { set: [] }).filter(({ kind, name }) => kind === 'root' && name === 'state');
  return new Set(reads.map(({ path: [key] }) => key ?? ALL));
}

/** Each write that stands in another step of a `parallel` than an earlier one of the same key. */
function besideEachOther(writes: readonly Write[]): readonly (readonly [Write, Write])[] {
  const found = new Map<Write, Write>();
  // For each `parallel` and key the first write: every later one in another of its steps runs beside it.
  const firsts = new Map<Place, Map<string, { readonly write: Write; readonly position: number }>>();
  for (const write of writes) {
    for (const { within, position } of pathTo(write.place)) {
      if (within?.place.step.type !== 'parallel') continue;
      const byKey = firsts.get(within.place) ?? new Map<string, { readonly write: Write; readonly position: number }>();
      firsts.set(within.place, byKey);
      const first = byKey.get(write.key);
      if (first === undefined) byKey.set(write.key, { write, position });
      else if (first.position !== position && !areHarmless(write, first.write) && !found.has(write)) found.set(write, first.write);
    }
  }
  return [...found];
}

/** Equal constants, and two agents of which each has a condition: one may stand for "else". */
function areHarmless(a: Write, b: Write): boolean {
  return (a.constant !== undefined && a.constant === b.constant) || (a.conditional && b.conditional);
}
