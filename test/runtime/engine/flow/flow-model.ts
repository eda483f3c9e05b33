import type { JsonValue } from '../../../../src/program/json.ts';
import { fc } from '../../../support/fast-check.ts';

/** A step of a generated ensemble. Calls take time and may fail; everything else takes none. */
export type Shape =
  | { readonly kind: 'value' | 'skip' | 'read' }
  | { readonly kind: 'call'; readonly fails: Fails; readonly goesOn: boolean }
  | { readonly kind: 'loop'; readonly count: number; readonly concurrency: number; readonly fails: Fails; readonly goesOn: boolean }
  | { readonly kind: 'parallel'; readonly waitFor: 'all' | 'any' | 'first'; readonly steps: readonly Shape[] }
  | { readonly kind: 'branch'; readonly holds: boolean; readonly then: readonly Shape[]; readonly else: readonly Shape[] }
  | { readonly kind: 'switch'; readonly value: number; readonly cases: readonly (readonly Shape[])[]; readonly default: readonly Shape[] }
  | {
      readonly kind: 'foreach';
      readonly count: number;
      readonly concurrency: number;
      readonly breakAt: number;
      readonly steps: readonly Shape[];
    }
  | { readonly kind: 'while'; readonly rounds: number; readonly steps: readonly Shape[] }
  | { readonly kind: 'try'; readonly steps: readonly Shape[]; readonly catch: readonly Shape[]; readonly finally: number }
  | {
      readonly kind: 'map-reduce';
      readonly count: number;
      readonly concurrency: number;
      readonly map: readonly Shape[];
      readonly reduce: readonly Shape[];
    };

type Fails = 'never' | 'always' | 'sometimes';

const fails = fc.constantFrom<Fails>('never', 'never', 'sometimes', 'always');
const count = fc.nat(4);
const concurrency = fc.integer({ min: 1, max: 4 });
const call = fc.record({ kind: fc.constant('call' as const), fails, goesOn: fc.boolean() });

/** Trees of steps, a few levels deep. */
export const shapes: fc.Arbitrary<readonly Shape[]> = fc.letrec<{ steps: readonly Shape[]; step: Shape }>((tie) => ({
  step: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constantFrom('value' as const, 'skip' as const, 'read' as const) }),
    call,
    fc.record({ kind: fc.constant('loop' as const), count, concurrency, fails, goesOn: fc.boolean() }),
    fc.record({
      kind: fc.constant('parallel' as const),
      waitFor: fc.constantFrom('all' as const, 'any' as const, 'first' as const),
      steps: tie('steps'),
    }),
    fc.record({ kind: fc.constant('branch' as const), holds: fc.boolean(), then: tie('steps'), else: tie('steps') }),
    fc.record({
      kind: fc.constant('switch' as const),
      value: fc.nat(3),
      cases: fc.array(tie('steps'), { maxLength: 2, minLength: 1 }),
      default: tie('steps'),
    }),
    fc.record({ kind: fc.constant('foreach' as const), count, concurrency, breakAt: fc.nat(6), steps: tie('steps') }),
    fc.record({ kind: fc.constant('while' as const), rounds: fc.nat(3), steps: tie('steps') }),
    fc.record({ kind: fc.constant('try' as const), steps: tie('steps'), catch: tie('steps'), finally: fc.nat(1) }),
    fc.record({ kind: fc.constant('map-reduce' as const), count, concurrency, map: tie('steps'), reduce: tie('steps') }),
  ),
  steps: fc.array(tie('step'), { minLength: 1, maxLength: 3, depthIdentifier: 'steps' }),
})).steps;

/** The same with a name for each step. */
export type Named = Shape & { readonly name: string; readonly lists: { readonly [block: string]: readonly Named[] } };

export function nameSteps(steps: readonly Shape[], names = { given: 0 }): readonly Named[] {
  return steps.map((shape): Named => {
    const name = `s${names.given++}`;
    const lists: { [block: string]: readonly Named[] } = {};
    for (const [block, list] of blocksOf(shape)) lists[block] = nameSteps(list, names);
    return { ...shape, name, lists };
  });
}

function listOf({ lists }: Named, block: string): readonly Named[] {
  return lists[block] ?? [];
}

function blocksOf(shape: Shape): readonly (readonly [string, readonly Shape[]])[] {
  switch (shape.kind) {
    case 'parallel': {
      // A branch of a race takes time, no two the same: who wins is never left to the order of what takes none.
      const steps = shape.waitFor === 'all' ? shape.steps : shape.steps.map(afterCall);
      return [['steps', steps]];
    }
    case 'foreach':
    case 'while':
      return [['steps', shape.steps]];
    case 'branch':
      return [
        ['then', shape.then],
        ['else', shape.else],
      ];
    case 'switch':
      return [...shape.cases.map((steps, index) => [String(index), steps] as const), ['default', shape.default]];
    case 'try':
      return [
        ['steps', shape.steps],
        ['catch', shape.catch],
        ['finally', Array.from({ length: shape.finally }, (): Shape => ({ kind: 'value' }))],
      ];
    case 'map-reduce':
      return [
        ['map', shape.map],
        ['reduce', shape.reduce],
      ];
    default:
      return [];
  }
}

function afterCall(shape: Shape): Shape {
  if (shape.kind === 'call' || shape.kind === 'skip') return shape;
  return { kind: 'branch', holds: true, then: [{ kind: 'call', fails: 'never', goesOn: false }, shape], else: [] };
}

/** What the ensemble looks like. Reads the number 2 from its input, so that nothing is known before it runs. */
export function renderEnsemble(steps: readonly Named[]): string {
  return JSON.stringify({ ensemble: 'generated', input: { two: 'number' }, agents: renderSteps(steps, false) });
}

/** Which roots of a loop there are. */
type InLoop = 'item' | 'index' | false;

function renderSteps(steps: readonly Named[], inLoop: InLoop): readonly JsonValue[] {
  return steps.map((step, position) => renderStep(step, inLoop, steps[position - 1]));
}

function renderStep(step: Named, inLoop: InLoop, before: Named | undefined): JsonValue {
  const { name } = step;
  const list = (block: string, inside: InLoop = inLoop): JsonValue => renderSteps(listOf(step, block), inside);
  const numbers = (length: number): JsonValue => `\${[0, 1, 2, 3, 4].slice(0, ${length} + input.two - 2)}`;
  const seen = inLoop === 'item' ? ', item, index' : inLoop === 'index' ? ', index' : '';
  switch (step.kind) {
    case 'value':
      return { name, operation: 'transform', config: { value: `\${['${name}'${seen}]}` } };
    case 'read':
      return {
        name,
        operation: 'transform',
        config: { value: before === undefined ? `\${['${name}']}` : `\${['read', ${before.name}.output ?? null]}` },
      };
    case 'skip':
      return { name, operation: 'transform', condition: '${input.two > 2}', config: { value: name } };
    case 'call':
      return { name, operation: 'http', config: { url: `http://x/${name}` }, ...(step.goesOn ? { onError: 'continue' } : {}) };
    case 'loop':
      return {
        name,
        operation: 'http',
        config: { url: `http://x/${name}` },
        loop: { items: numbers(step.count), concurrency: step.concurrency },
        ...(step.goesOn ? { onError: 'continue' } : {}),
      };
    case 'parallel':
      return { name, parallel: listOf(step, 'steps').map((branch) => renderStep(branch, inLoop, undefined)), waitFor: step.waitFor };
    case 'branch':
      return { name, type: 'branch', condition: `\${input.two ${step.holds ? '==' : '>'} 2}`, then: list('then'), else: list('else') };
    case 'switch':
      return {
        name,
        type: 'switch',
        value: `\${${step.value} + input.two - 2}`,
        cases: Object.fromEntries(step.cases.map((_, index) => [index, list(String(index))])),
        default: list('default'),
      };
    case 'foreach':
      return {
        name,
        type: 'foreach',
        items: numbers(step.count),
        concurrency: step.concurrency,
        breakWhen: `\${item == ${step.breakAt} + input.two - 2}`,
        steps: list('steps', 'item'),
      };
    case 'while':
      return {
        name,
        type: 'while',
        condition: `\${index < ${step.rounds} + input.two - 2}`,
        steps: list('steps', inLoop === 'item' ? 'item' : 'index'),
      };
    case 'try':
      return { name, type: 'try', steps: list('steps'), catch: list('catch'), finally: list('finally') };
    case 'map-reduce':
      return {
        name,
        type: 'map-reduce',
        items: numbers(step.count),
        concurrency: step.concurrency,
        map: list('map', 'item'),
        reduce: list('reduce'),
      };
    default:
      return step satisfies never;
  }
}

/** What a call does: the same for the run and for the model. `path` is the agent's, with its iterations. */
export interface World {
  latencyOf(path: string): number;
  failsAt(path: string): boolean;
}

export type Outcome = { readonly end: number } & (
  | { readonly ok: true; readonly value: JsonValue | undefined; readonly skipped?: boolean; readonly failed?: boolean }
  | { readonly ok: false; readonly agent: string }
);

interface Site {
  readonly iteration: string;
  readonly item?: number;
  readonly index?: number;
  /** What the step before in the same list gave. */
  readonly before?: { readonly value: JsonValue | undefined } | undefined;
}

/** What a list of steps comes to that begins at some time: their values, computed from inside out. */
export function modelSteps(steps: readonly Named[], start: number, site: Site, world: World): Outcome {
  let last: Extract<Outcome, { readonly ok: true }> = { end: start, ok: true, value: undefined };
  for (const [position, step] of steps.entries()) {
    const outcome = modelStep(step, last.end, { ...site, before: position === 0 ? undefined : last }, world);
    if (!outcome.ok) return outcome;
    last = outcome;
  }
  return { end: last.end, ok: true, value: last.value };
}

function modelStep(step: Named, start: number, site: Site, world: World): Outcome {
  const list = (block: string, at: number, inside: Site = site): Outcome => modelSteps(listOf(step, block), at, inside, world);
  const seen = [...(site.item === undefined ? [] : [site.item]), ...(site.index === undefined ? [] : [site.index])];
  switch (step.kind) {
    case 'value':
      return { end: start, ok: true, value: [step.name, ...seen] };
    case 'read':
      return { end: start, ok: true, value: site.before === undefined ? [step.name] : ['read', site.before.value ?? null] };
    case 'skip':
      return { end: start, ok: true, value: undefined, skipped: true };
    case 'call':
      return modelCall(step, start, site, world);
    case 'loop':
      return modelItems(step, start, (index, at) => modelCall(step, at, { iteration: `${site.iteration}[${index}]` }, world));
    case 'parallel':
      return modelParallel(
        step.waitFor,
        listOf(step, 'steps').map((branch) => modelStep(branch, start, { ...site, before: undefined }, world)),
        start,
      );
    case 'branch':
      return list(step.holds ? 'then' : 'else', start);
    case 'switch':
      return list(step.value < step.cases.length ? String(step.value) : 'default', start);
    case 'foreach':
      return modelItems(step, start, (index, at) => list('steps', at, { iteration: `${site.iteration}[${index}]`, item: index, index }));
    case 'while': {
      const values: JsonValue[] = [];
      let end = start;
      for (let index = 0; index < step.rounds; index += 1) {
        const round = list('steps', end, { ...site, iteration: `${site.iteration}[${index}]`, index });
        if (!round.ok) return round;
        values.push(round.value ?? null);
        end = round.end;
      }
      return { end, ok: true, value: values };
    }
    case 'try': {
      const tried = list('steps', start);
      return tried.ok ? tried : list('catch', tried.end);
    }
    case 'map-reduce': {
      const mapped = modelItems(step, start, (index, at) =>
        list('map', at, { iteration: `${site.iteration}[${index}]`, item: index, index }),
      );
      return mapped.ok ? list('reduce', mapped.end) : mapped;
    }
    default:
      return step satisfies never;
  }
}

function modelCall(step: Named & { readonly goesOn: boolean }, start: number, { iteration }: Site, world: World): Outcome {
  const path = step.name + iteration;
  const end = start + world.latencyOf(path);
  if (!world.failsAt(path)) return { end, ok: true, value: path };
  return step.goesOn ? { end, ok: true, value: undefined, failed: true } : { end, ok: false, agent: path };
}

function modelParallel(waitFor: 'all' | 'any' | 'first', branches: readonly Outcome[], start: number): Outcome {
  const inTime = branches.toSorted((left, right) => left.end - right.end);
  const end = inTime.at(-1)?.end ?? start;
  if (waitFor === 'all') {
    return inTime.find(({ ok }) => !ok) ?? { end, ok: true, value: branches.map((branch) => (branch.ok ? (branch.value ?? null) : null)) };
  }
  const winner = inTime.find((branch) =>
    branch.ok ? branch.skipped !== true && (waitFor === 'first' || branch.failed !== true) : waitFor === 'first',
  );
  if (winner !== undefined) return winner.ok ? { end: winner.end, ok: true, value: winner.value } : winner;
  const failed = branches.find(({ ok }) => !ok);
  return failed === undefined ? { end, ok: true, value: undefined } : { ...failed, end };
}

/** Each lane takes the next item as soon as it is free; the first failure ends all; `breakAt` cuts off what lies behind. */
function modelItems(
  {
    count,
    concurrency,
    breakAt = Number.POSITIVE_INFINITY,
  }: { readonly count: number; readonly concurrency: number; readonly breakAt?: number },
  start: number,
  run: (index: number, at: number) => Outcome,
): Outcome {
  const values: JsonValue[] = [];
  let atWork: { readonly index: number; readonly outcome: Outcome }[] = [];
  let [next, last, end] = [0, count - 1, start];
  const begin = (at: number): void => {
    if (next <= last) atWork.push({ index: next, outcome: run(next++, at) });
  };
  for (let lane = 0; lane < concurrency; lane += 1) begin(start);
  while (atWork.length > 0) {
    const first = atWork.reduce((best, one) => (one.outcome.end < best.outcome.end ? one : best));
    atWork = atWork.filter((one) => one !== first);
    const { index, outcome } = first;
    if (!outcome.ok) return outcome;
    end = outcome.end;
    values[index] = outcome.value ?? null;
    if (index === breakAt) {
      last = index;
      atWork = atWork.filter((one) => one.index <= last);
    }
    begin(outcome.end);
  }
  return { end, ok: true, value: values.slice(0, last + 1) };
}
