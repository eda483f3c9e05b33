import { type Expression, ROOT_NAMES } from '../../../src/program/expression.ts';
import type { Program } from '../../../src/program/program.ts';
import type { RunEvent } from '../../../src/program/run-event.ts';

/** What a probe is written as: expressions that every place of a file may hold. */
const PROBES: ReadonlySet<unknown> = new Set(['${input.probe}', '$<input.probe>']);

/**
 * The program with every probe turned into an expression that reads all roots and the results of `agents`, and with every code body given all of `agents` and all variables: what no
 * compiler would let through. What it reads nevertheless, the engine itself must keep from it.
 */
export function armProbes(program: Program, agents: readonly string[]): Program {
  const entries = [
    ...ROOT_NAMES.map((name) => ({ key: name, value: { type: 'root', name } as const })),
    ...agents.map((name) => ({ key: name, value: { type: 'agent', name } as const })),
  ];
  const everything: Expression = { type: 'object', entries: entries.map((entry) => ({ type: 'entry', ...entry })) };
  return JSON.parse(JSON.stringify(program), (_, value) => {
    if (value?.type === 'hole' && PROBES.has(value.source)) return { ...value, expression: everything };
    if (value?.type === 'code') return { ...value, agents, usesEnv: true };
    return value;
  });
}

/** What the probes saw, by the path of the agent whose output it is: the marked texts («…»), each behind the name that it was read by. */
export function sightings(events: readonly RunEvent[]): Readonly<Record<string, readonly string[]>> {
  const seen: Record<string, readonly string[]> = {};
  for (const event of events) {
    if (event.type === 'agent.finished' && typeof event.output === 'object' && event.output !== null)
      seen[event.agent] = markersIn(event.output);
  }
  return seen;
}

function markersIn(output: object): readonly string[] {
  const { agents, ...roots } = output as Readonly<Record<string, unknown>>;
  const named = [...Object.entries(roots), ...Object.entries(agents ?? {})];
  const marked = named.flatMap(([name, value]) =>
    [...(JSON.stringify(value) ?? '').matchAll(/«([^»]+)»/g)].map(([, text]) => `${name}: ${text}`),
  );
  return [...new Set(marked)].sort();
}
