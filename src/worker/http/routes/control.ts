import type { ControlOutcome } from '../../../program/host-calls.ts';
import type { JsonSchema } from '../../../program/json.ts';
import { openRun } from '../../open-run.ts';
import type { WorkerEnv } from '../../worker-env.ts';
import { answerJson } from '../answer-json.ts';
import { checkOutcome } from '../check-outcome.ts';
import { reachRun } from '../may-reach.ts';
import { RUN, text } from '../parameters.ts';
import { describeRun } from '../run-detail.ts';
import { ref } from '../schema-parts.ts';
import { defineRoute, json, type Route } from './route.ts';

const SCOPE = 'runs:control';
const MAX_REASON = 1_000;
const REASON: JsonSchema = {
  type: 'object',
  properties: { reason: { type: 'string', maxLength: MAX_REASON, description: 'Stands in the events of the run.' } },
  additionalProperties: false,
};
const NONE: JsonSchema = { type: 'object', additionalProperties: false };

interface Wish {
  readonly name: 'pause' | 'resume' | 'cancel';
  readonly summary: string;
  readonly description: string;
  readonly body: JsonSchema;
  send(env: WorkerEnv, run: string, reason: string | undefined): Promise<ControlOutcome>;
}

const WISHES: readonly Wish[] = [
  {
    name: 'pause',
    summary: 'Lets no agent of the run begin any more.',
    description: 'What is at work goes on to its end. A run that is paused already stays as it is.',
    body: REASON,
    send: (env, run, reason) => openRun(env, run).pause(reason),
  },
  {
    name: 'resume',
    summary: 'Lets a paused run go on.',
    description: 'Also one that nothing runs any more, from its journal.',
    body: NONE,
    send: (env, run) => openRun(env, run).resume('{}'),
  },
  {
    name: 'cancel',
    summary: 'Stops the run.',
    description:
      'What is at work is stopped, and what succeeded is undone where the ensemble says how. The wish is kept once this is answered; the events of the run say how it ends.',
    body: REASON,
    send: (env, run, reason) => openRun(env, run).cancel(reason ?? 'through the API'),
  },
];

/** The three wishes that a run takes. */
export const controlRoutes: readonly Route[] = WISHES.map(({ name, summary, description, body, send }) =>
  defineRoute({
    method: 'POST',
    path: `/runs/{run}/${name}`,
    operation: `${name}Run`,
    scopes: [SCOPE],
    summary,
    description,
    parameters: { run: RUN },
    query: {},
    body: { description: 'May be left out.', schema: body, required: false },
    responses: {
      200: { description: 'The wish is kept. The run as it stands.', content: json(ref('Run')) },
      409: { description: 'The status of the run does not allow it.', content: { 'application/problem+json': ref('Problem') } },
    },
    async answer(call) {
      const { env, path } = call;
      await reachRun(call, SCOPE, path.run);
      const { reason } = (call.body ?? {}) as { readonly reason?: string };
      checkOutcome(await send(env, path.run, reason), path.run);
      return answerJson(await describeRun(env, await reachRun(call, SCOPE, path.run)));
    },
  }),
);

export const signalRun = defineRoute({
  method: 'POST',
  path: '/runs/{run}/signals/{name}',
  operation: 'signalRun',
  scopes: [SCOPE],
  summary: 'Sends the run a signal.',
  description: 'The run keeps it until an agent waits for one of that name; each is taken once. The body is its data: any JSON, or none.',
  parameters: { run: RUN, name: text('The name that a `wait` has in `for_signal`; every `/` in it as `%2F`.', 256) },
  query: {},
  body: { description: 'The data of the signal.', required: false },
  responses: {
    200: { description: 'The signal is kept. The run as it stands.', content: json(ref('Run')) },
    409: { description: 'The run is over.', content: { 'application/problem+json': ref('Problem') } },
  },
  async answer(call) {
    const { env, path, body } = call;
    await reachRun(call, SCOPE, path.run);
    checkOutcome(await openRun(env, path.run).signal(path.name, body === undefined ? undefined : JSON.stringify(body)), path.run);
    return answerJson(await describeRun(env, await reachRun(call, SCOPE, path.run)));
  },
});
