import type { JsonObject, JsonValue } from '../../program/json.ts';
import type { AgentSnapshot, RunSnapshot, StateSnapshot, StepSnapshot } from '../../runtime/journal/run-snapshot.ts';
import { diffJson, type JsonDifference, pointerToken } from './diff-json.ts';

/** An agent that took clearly longer, or less long, in the second run. */
export interface DurationDifference {
  readonly agent: string;
  readonly before_ms: number;
  readonly after_ms: number;
}

export interface RunDifferences {
  /** What was put in, which way it went, what came out: empty for two runs that did the same. */
  readonly differences: readonly JsonDifference[];
  /** Never the same twice, so they make no two runs different. */
  readonly durations: readonly DurationDifference[];
}

/** A duration is worth a line when it is both so many times and so many ms away. */
const CLEARLY = { times: 1.5, ms: 50 } as const;

/** Where two runs differ: program and input, decisions and agents, state and output. Times, ids and usage do not count: they are never the same. */
export function diffRuns(a: RunSnapshot, b: RunSnapshot): RunDifferences {
  const differences = [
    ...diffJson(headOf(a), headOf(b), ''),
    ...diffEach(a.flow, b.flow, flowFacts, (path) => `/flow/${pointerToken(path)}`),
    ...diffEach(a.agents, b.agents, agentFacts, agentPointer),
    ...diffEach(
      a.states,
      b.states,
      ({ values }) => values,
      (owner) => (owner === '' ? '/state' : `${agentPointer(owner)}/state`),
    ),
    ...diffJson(a.output, b.output, '/output'),
  ];
  return { differences, durations: diffDurations(a.agents, b.agents) };
}

function headOf(run: RunSnapshot): JsonObject {
  const { ensemble, file, program, status, input, trigger, failure, failedAgent } = run;
  return {
    ...{ ensemble, file, program, input },
    ...(trigger === undefined ? {} : { trigger }),
    status,
    ...(failure === undefined ? {} : { failure: { code: failure.code, message: failure.message } }),
    ...(failedAgent === undefined ? {} : { failed_agent: failedAgent }),
  };
}

function agentFacts({ status, attempts, output, failure, handled, cached }: AgentSnapshot): JsonObject {
  return {
    ...{ status, attempts },
    ...(cached === true ? { cached } : {}),
    ...(handled === true ? { handled } : {}),
    ...(failure === undefined ? {} : { failure: { code: failure.code, message: failure.message } }),
    ...(output === undefined ? {} : { output }),
  };
}

/** What a flow step was given to go over and what it decided; its output is that of what lies in it. */
function flowFacts({ status, items, decided, rounds }: StepSnapshot): JsonObject {
  return {
    status,
    ...(items === undefined ? {} : { items: [...items] }),
    ...(rounds === undefined ? {} : { rounds }),
    decided: decided.map(({ took, saw }) => ({ took, ...(saw === undefined ? {} : { saw }) })),
  };
}

function agentPointer(path: string): string {
  return `/agents/${pointerToken(path)}`;
}

/** Of two maps by path, in the order of the first, then what only the second has. What only one of them has is one difference. */
function* diffEach<Value extends AgentSnapshot | StepSnapshot | StateSnapshot>(
  a: ReadonlyMap<string, Value>,
  b: ReadonlyMap<string, Value>,
  facts: (value: Value) => JsonObject,
  pointerOf: (path: string) => string,
): Generator<JsonDifference> {
  const of = (map: ReadonlyMap<string, Value>, path: string): JsonValue | undefined => {
    const value = map.get(path);
    return value === undefined ? undefined : facts(value);
  };
  for (const path of new Set([...a.keys(), ...b.keys()])) {
    yield* diffJson(of(a, path), of(b, path), pointerOf(path));
  }
}

function diffDurations(a: RunSnapshot['agents'], b: RunSnapshot['agents']): readonly DurationDifference[] {
  return [...a].flatMap(([agent, { duration_ms: before_ms }]) => {
    const after_ms = b.get(agent)?.duration_ms;
    if (before_ms === undefined || after_ms === undefined) return [];
    const [less, more] = before_ms < after_ms ? [before_ms, after_ms] : [after_ms, before_ms];
    return more - less >= CLEARLY.ms && more >= less * CLEARLY.times ? [{ agent, before_ms, after_ms }] : [];
  });
}
