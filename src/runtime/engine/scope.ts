import type { JsonObject, JsonValue } from '../../program/json.ts';
import type { Scope } from '../expression/scope.ts';
import type { BodyContext } from './body-context.ts';
import type { RunContext } from './run-context.ts';

export interface ScopeParts {
  readonly input: JsonValue;
  readonly state: JsonObject;
  /** The path of the agent that is named in warnings; absent for the ensemble's own output. */
  readonly agent: string | undefined;
}

/** What expressions of a body may read. The functions are the run's ports: an expression never reads the outside by itself. */
export function buildScope(run: RunContext, body: Pick<BodyContext, 'results' | 'trigger'>, parts: ScopeParts): Scope {
  const { input, state, agent } = parts;
  const { ports } = run;
  return {
    input,
    state,
    env: ports.env,
    run: run.root,
    trigger: body.trigger,
    item: undefined,
    index: undefined,
    loop: undefined,
    error: undefined,
    mapResults: undefined,
    agents: body.results,
    now: () => ports.clock.now(),
    uuid: () => ports.uuid(),
    random: () => ports.random(),
    missing: (source) => {
      const message = `${source} has no value here; nothing stands in its place.`;
      run.log.add({ type: 'warning', code: 'missing-value', message, ...(agent === undefined ? {} : { agent }) });
    },
  };
}
