import type { Io } from '../io.ts';
import { formatDuration } from '../terminal/format-duration.ts';
import { harmlessJson, harmlessLine } from '../terminal/harmless.ts';
import { createPaint, type Paint } from '../terminal/paint.ts';
import type { PlannedAgent, PlannedBlock, PlannedFlow, PlannedStep, RunPlan } from './run-plan.ts';

/** The plan of a run on stdout, for people; `--json` prints the plan itself. */
export function showPlan(plan: RunPlan, io: Io): void {
  const paint = createPaint(io.stdout, io.env);
  const { bold, dim } = paint;
  const version = plan.version === undefined ? '' : ` ${plan.version}`;
  const row = (label: string, text: string) => `${dim(label.padEnd(10))} ${text}`;
  const keys = plan.state.keys === undefined ? 'any key' : plan.state.keys.join(', ') || 'no key';
  const where =
    plan.state.backend === 'memory'
      ? 'memory'
      : `${plan.state.backend}, scope ${plan.state.key}${plan.state.binding === undefined ? '' : ` in ${plan.state.binding}`}`;
  const lines = [
    `${bold(harmlessLine(plan.ensemble + version))} ${dim(`(${harmlessLine(plan.file)})`)}`,
    '',
    row('input', harmlessJson(JSON.stringify(plan.input))),
    row('state', harmlessLine(`${where}: ${keys}`)),
    row(
      'bindings',
      plan.bindings.map(({ kind, name }) => (name === undefined ? `${kind} (the default)` : `${kind} ${name}`)).join(', ') || 'none',
    ),
    ...(plan.concurrency === 1 ? [] : [row('at once', `${plan.concurrency} steps that do not wait for each other`)]),
    '',
    ...plan.steps.flatMap((step, index) => {
      const [head = '', ...rest] = stepLines(step, paint);
      return [`${String(index + 1).padStart(3)}  ${head}`, ...rest.map((line) => `     ${line}`)];
    }),
    '',
    dim('Nothing was run.'),
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
}

/** The step, what is to know of it, and what lies in it. */
function stepLines(step: PlannedStep, paint: Paint): readonly string[] {
  const { bold, dim } = paint;
  const [name, kind, facts] = 'agent' in step ? [step.agent, step.operation, agentFacts(step)] : [step.step, step.kind, flowFacts(step)];
  const all = [...facts, ...(step.handles_failure ? ['goes on when it fails'] : []), ...waitFacts(step)];
  return [
    `${bold(harmlessLine(name))}  ${harmlessLine(kind)}`,
    ...(all.length === 0 ? [] : [dim(all.map(harmlessLine).join(' · '))]),
    ...step.blocks.flatMap((block) => blockLines(block, paint)),
  ];
}

const HEADINGS: Readonly<Partial<Record<PlannedBlock['block'], string>>> = {
  onError: 'on error',
  compensate: 'undone, when the run fails later, by',
};
/** What follows the step itself needs no heading. */
const PLAIN_BLOCKS: ReadonlySet<PlannedBlock['block']> = new Set(['steps', 'file', 'map']);

function blockLines({ block, value, steps }: PlannedBlock, paint: Paint): readonly string[] {
  const inner = steps.flatMap((step) => stepLines(step, paint)).map((line) => `  ${line}`);
  if (PLAIN_BLOCKS.has(block)) return inner;
  const heading = HEADINGS[block] ?? (value === undefined ? block : `${block} ${harmlessLine(value)}`);
  return [paint.dim(heading), ...inner];
}

function agentFacts(agent: PlannedAgent): readonly string[] {
  const { loop, cache } = agent;
  return [
    ...(loop === undefined ? [] : [...whenFacts(loop.condition), ...itemFacts(loop)]),
    ...whenFacts(agent.condition),
    ...(agent.reads.length === 0 ? [] : [`reads ${agent.reads.join(', ')}`]),
    ...(agent.writes.length === 0 ? [] : [`sets ${agent.writes.join(', ')}`]),
    ...(agent.attempts === 1 ? [] : [`up to ${agent.attempts} attempts`]),
    ...(agent.timeout_ms === undefined ? [] : [`timeout ${formatDuration(agent.timeout_ms)}`]),
    ...(agent.total_timeout_ms === undefined ? [] : [`${formatDuration(agent.total_timeout_ms)} in all`]),
    ...(cache === undefined ? [] : [cacheFact(cache)]),
  ];
}

function cacheFact({ key, ttl_ms }: NonNullable<PlannedAgent['cache']>): string {
  const by = key === undefined ? '' : ` by ${key}`;
  return `cached${by}${ttl_ms === undefined ? '' : ` for ${formatDuration(ttl_ms)}`}`;
}

function flowFacts(step: PlannedFlow): readonly string[] {
  const { condition, kind } = step;
  return [
    ...(condition === undefined ? [] : [kind === 'while' ? `as long as ${condition}` : `if ${condition}`]),
    ...(step.value === undefined ? [] : [`by ${step.value}`]),
    ...itemFacts(step),
    ...(step.break_when === undefined ? [] : [`until ${step.break_when}`]),
    ...(step.max_iterations === undefined ? [] : [`at most ${step.max_iterations.toLocaleString('en-US')} rounds`]),
    ...(step.wait_for === undefined || step.wait_for === 'all' ? [] : [WAITS[step.wait_for]]),
  ];
}

const WAITS = { any: 'until one succeeds', first: 'until one ends' } as const;

function whenFacts(condition: string | undefined): readonly string[] {
  return condition === undefined ? [] : [`when ${condition}`];
}

function itemFacts({ items, concurrency }: Pick<PlannedFlow, 'items' | 'concurrency'>): readonly string[] {
  if (items === undefined) return [];
  return [`for each of ${items}`, ...(concurrency === undefined || concurrency === 1 ? [] : [`${concurrency} at once`])];
}

function waitFacts({ waits_for }: PlannedStep): readonly string[] {
  if (waits_for === undefined) return [];
  return [waits_for.length === 0 ? 'waits for nothing' : `waits for ${waits_for.join(', ')}`];
}
