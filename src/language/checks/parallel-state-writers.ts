import type { Span } from '../../program/diagnostic.ts';
import type { Template } from '../../program/expression.ts';
import type { ParsedBody } from '../model/parsed-body.ts';
import { agentAt, type Place, pathTo, runningPlaces } from '../model/step-places.ts';
import type { Check } from './check.ts';
import { describeStep } from './flow/describe-step.ts';
import { keysOf, writtenKeys } from './state-access.ts';

/**
 * Where steps run side by side, the one that ends last decides what a key holds, unless a reducer joins the values (LANGUAGE §4.4): in one `parallel`, and in a loop with
 * `concurrency` an agent beside itself. Side by side at the top level (`concurrency` of the ensemble) writers keep their order (§6.3).
 */
export const parallelStateWriters: Check = {
  codes: ['parallel-state-writers'],
  check(body, findings) {
    const writes = runningPlaces(body.model).flatMap((place) => writesAt(place, body));
    const help = 'give the key a reducer (`append`, `merge`, `add` …), or set it in a step after them';
    const inLoops = new Set<Write>();
    for (const write of writes) {
      const loop = concurrentLoop(write);
      if (loop === undefined) continue;
      inLoops.add(write);
      report(`${describeStep(write.place.step)} sets state.${write.key} for several items of ${loop} at the same time`, write.span);
    }
    for (const [write, other] of besideEachOther(writes)) {
      if (inLoops.has(write)) continue;
      report(`${describeStep(write.place.step)} and ${describeStep(other.place.step)} set state.${write.key} at the same time`, write.span);
    }

    function report(message: string, span: Span): void {
      findings.report('parallel-state-writers', span, `${message}: the last one decides what it holds`, { help });
    }
  },
};

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

/** The loop around a write, or of its agent, whose items are worked on side by side. */
function concurrentLoop({ place, constant }: Write): string | undefined {
  if (constant !== undefined) return undefined;
  if ((agentAt(place)?.loop?.concurrency ?? 1) > 1) return 'its loop';
  const holder = pathTo(place).find(({ within }) => isConcurrent(within));
  return holder?.within === undefined ? undefined : describeStep(holder.within.place.step);
}

function isConcurrent(within: Place['within']): boolean {
  const step = within?.place.step;
  if (step?.type === 'foreach') return step.concurrency > 1;
  return step?.type === 'map-reduce' && within?.block.kind === 'map' && step.concurrency > 1;
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
