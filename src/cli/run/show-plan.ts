import type { Io } from '../io.ts';
import { formatDuration } from '../terminal/format-duration.ts';
import { harmlessJson, harmlessLine } from '../terminal/harmless.ts';
import { createPaint } from '../terminal/paint.ts';
import type { RunPlan } from './build-plan.ts';

/** The plan of a run on stdout, for people; `--json` prints the plan itself. */
export function showPlan(plan: RunPlan, io: Io): void {
  const { bold, dim } = createPaint(io.stdout, io.env);
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
    '',
  ];
  plan.agents.forEach((agent, index) => {
    const facts = [
      ...(agent.condition === undefined ? [] : [`when ${agent.condition}`]),
      ...(agent.reads.length === 0 ? [] : [`reads ${agent.reads.join(', ')}`]),
      ...(agent.writes.length === 0 ? [] : [`sets ${agent.writes.join(', ')}`]),
      ...(agent.attempts === 1 ? [] : [`up to ${agent.attempts} attempts`]),
      ...(agent.timeout_ms === undefined ? [] : [`timeout ${formatDuration(agent.timeout_ms)}`]),
      ...(agent.handles_failure ? ['goes on when it fails'] : []),
    ];
    lines.push(`${String(index + 1).padStart(3)}  ${bold(harmlessLine(agent.agent))}  ${harmlessLine(agent.operation)}`);
    if (facts.length > 0) lines.push(dim(`     ${facts.map(harmlessLine).join(' · ')}`));
  });
  lines.push('', dim('Nothing was run.'));
  io.stdout.write(`${lines.join('\n')}\n`);
}
