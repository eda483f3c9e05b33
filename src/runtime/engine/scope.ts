import type { JsonObject, JsonValue } from '../../program/json.ts';
import type { Scope } from '../expression/scope.ts';
import type { BodyCall } from './body-context.ts';
import { type Locals, NO_LOCALS } from './locals.ts';
import { Results } from './results.ts';
import type { RunContext } from './run-context.ts';
import type { StepContext } from './step-context.ts';

export interface ScopeParts {
  readonly input: JsonValue;
  readonly state: JsonObject;
  /** The path of the agent or step that is named in warnings; absent for the ensemble's own output. */
  readonly agent: string | undefined;
}

/** What expressions of a step may read. */
export function buildScope({ run, body, results, locals }: StepContext, parts: ScopeParts): Scope {
  return build(run, body, results, locals, parts);
}

/** What expressions may read that are evaluated before the first step. */
export function buildOpeningScope(run: RunContext, call: BodyCall, parts: ScopeParts): Scope {
  return build(run, call, new Results(), NO_LOCALS, parts);
}

/** The functions are the run's ports: an expression never reads the outside by itself. What it reads is journalled, so that a resumed run reads the same. */
function build(run: RunContext, call: BodyCall, results: Results, locals: Locals, { input, state, agent }: ScopeParts): Scope {
  const { ports } = run;
  const { item, index, loop, error, mapResults } = locals;
  return {
    input,
    state,
    env: ports.env,
    run: rootOf(run, call),
    trigger: call.trigger,
    item,
    index,
    loop,
    error,
    mapResults,
    agents: results,
    now: () => draw(run, agent, 'now', () => ports.clock.now()),
    uuid: () => draw(run, agent, 'uuid', () => ports.uuid()),
    random: () => draw(run, agent, 'random', () => ports.random()),
    missing: (source) => {
      const message = `${source} has no value here; nothing stands in its place.`;
      run.log.add({ type: 'warning', code: 'missing-value', message, ...(agent === undefined ? {} : { agent }) });
    },
  };
}

function draw<Value extends number | string>(
  run: RunContext,
  agent: string | undefined,
  source: 'now' | 'uuid' | 'random',
  read: () => Value,
): Value {
  const recorded = run.replay?.draw(agent ?? '', source);
  // Each source has one type of values, which a record keeps.
  if (recorded !== undefined) return recorded as Value;
  const value = read();
  run.log.add({ type: 'value.drawn', ...(agent === undefined ? {} : { agent }), source, value });
  return value;
}

const roots = new WeakMap<JsonObject, JsonObject>();

/** In a later life of the run `run.attempt` says which. */
function rootOf({ replay }: RunContext, { root }: BodyCall): JsonObject {
  const attempt = replay?.attempt ?? 1;
  if (attempt === 1) return root;
  const known = roots.get(root);
  if (known?.attempt === attempt) return known;
  const later = { ...root, attempt };
  roots.set(root, later);
  return later;
}
