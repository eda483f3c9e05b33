import type { AgentStep, Body, FlowStep, Limits, Program, Step } from '../../program/program.ts';
import { stepBlocks } from '../../program/step-blocks.ts';

/** One difference between two programs, as their author sees it. */
export interface ProgramChange {
  /** Relative to the project's root. */
  readonly file: string;
  readonly type: 'added' | 'removed' | 'changed';
  /** The path of a step in that file, or a part of the file (`state`, `output`). */
  readonly what: string;
  /** What of a step is different: `config`, `condition` … */
  readonly parts: readonly string[];
}

/** What a run would do differently with `after`. What only moved in its file, and comments, are no difference. */
export function diffPrograms(before: Program, after: Program): readonly ProgramChange[] {
  const [old, now] = [filesOf(before), filesOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((file): readonly ProgramChange[] => {
    const [was, is] = [old.get(file), now.get(file)];
    if (was === undefined) return [{ file, type: 'added', what: 'the file', parts: [] }];
    if (is === undefined) return [{ file, type: 'removed', what: 'the file', parts: [] }];
    return [...diffSteps(was, is), ...diffParts(was.parts, is.parts).map((what) => ({ type: 'changed' as const, what, parts: [] }))].map(
      (change) => ({ file, ...change }),
    );
  });
}

type Parts = Readonly<Record<string, unknown>>;
interface ComparedFile {
  /** In the order in which they stand in the file. */
  readonly steps: ReadonlyMap<string, Parts>;
  readonly parts: Parts;
}

function filesOf(program: Program): ReadonlyMap<string, ComparedFile> {
  const own = { file: program.file, body: program.body, limits: program.limits };
  return new Map([own, ...Object.values(program.files)].map(({ file, body, limits }) => [file, compared(program, body, limits)]));
}

function compared(program: Program, body: Body, limits: Limits): ComparedFile {
  const { input, state, output, concurrency } = body;
  const steps = new Map<string, Parts>();
  for (const [step, around] of withSurroundings(body.steps)) {
    const own = step.type === 'agent' ? agentParts(program, step) : flowParts(step);
    steps.set(nameOf(step), { ...own, 'its place in the flow': around });
  }
  return { steps, parts: { input, state, output, concurrency, limits } };
}

/** Every step, and in which block of which step it lies. */
function* withSurroundings(steps: readonly Step[], around = ''): Generator<readonly [Step, string]> {
  for (const step of steps) {
    yield [step, around];
    for (const { name, value, steps: inner } of stepBlocks(step)) {
      yield* withSurroundings(inner, `${nameOf(step)} ${name} ${value ?? ''}`);
    }
  }
}

/** A loop has the path of the agent in it. */
function nameOf(step: Step): string {
  return step.type === 'foreach' && step.loop ? `${step.path} (loop)` : step.path;
}

function agentParts(program: Program, step: AgentStep): Parts {
  const { action } = step;
  const work =
    action.type === 'operation'
      ? { operation: action.operation, config: action.config }
      : action.type === 'body'
        ? { operation: program.files[action.file]?.file }
        : { operation: 'code', config: action.config, code: codeParts(program, action) };
  return {
    ...work,
    condition: step.condition,
    input: step.input,
    state: [step.use, step.useAll, step.set],
    retry: step.retry,
    timeout: [step.timeoutMs, step.totalTimeoutMs],
    cache: step.cache,
    schema: step.outputSchema,
    reject_tainted: step.rejectTainted,
    'what becomes of its failure': step.handlesFailure,
  };
}

function codeParts({ modules }: Program, { module, holes, agents }: Extract<AgentStep['action'], { type: 'code' }>): unknown {
  return [modules[module]?.source, modules[module]?.network, holes, agents];
}

/** The steps in it are compared by themselves. */
const NOT_ITS_OWN: ReadonlySet<string> = new Set([
  'path',
  'place',
  'handlesFailure',
  'name',
  'loop',
  'steps',
  'then',
  'else',
  'default',
  'catch',
  'finally',
  'map',
  'reduce',
]);

function flowParts(step: FlowStep): Parts {
  const parts = Object.entries(step).filter(([key]) => !NOT_ITS_OWN.has(key));
  return { ...Object.fromEntries(parts), ...(step.type === 'switch' ? { cases: step.cases.map(({ value }) => value) } : {}) };
}

function diffSteps(was: ComparedFile, is: ComparedFile): readonly Omit<ProgramChange, 'file'>[] {
  const changes: Omit<ProgramChange, 'file'>[] = [];
  for (const what of was.steps.keys()) if (!is.steps.has(what)) changes.push({ type: 'removed', what, parts: [] });
  for (const [what, parts] of is.steps) {
    const before = was.steps.get(what);
    const changed = before === undefined ? [] : diffParts(before, parts);
    if (before === undefined) changes.push({ type: 'added', what, parts: [] });
    else if (changed.length > 0) changes.push({ type: 'changed', what, parts: changed });
  }
  const kept = (steps: ReadonlyMap<string, Parts>, others: ReadonlyMap<string, Parts>) =>
    [...steps.keys()].filter((name) => others.has(name));
  const reordered = kept(was.steps, is.steps).join('\n') !== kept(is.steps, was.steps).join('\n');
  return reordered ? [...changes, { type: 'changed', what: 'the order of the steps', parts: [] }] : changes;
}

function diffParts(was: Parts, is: Parts): readonly string[] {
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((key) => comparable(was[key]) !== comparable(is[key]));
}

function comparable(value: unknown): string {
  return JSON.stringify(withoutPlaces(value)) ?? '';
}

/** Where something stands in its file makes no difference; but what an author calls `place` does. */
function withoutPlaces(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if ('type' in value && value.type === 'constant' && 'value' in value) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => key !== 'place' || !isPlace(inner))
      .map(([key, inner]) => [key, withoutPlaces(inner)]),
  );
}

function isPlace(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.keys(value).sort().join() === 'column,line' && Object.values(value).every(Number.isInteger);
}
