import type { RunSummary } from '../../../program/host-calls.ts';
import type { DeployedEnsemble } from '../../deployment.ts';
import { findRun, noteKnownRun } from '../../find-run.ts';
import { waitForEnd } from '../../run-end.ts';
import { startEnsemble } from '../../start-ensemble.ts';
import { answerJson } from '../answer-json.ts';
import { checkRunInput } from '../check-run-input.ts';
import { IDEMPOTENCY_HEADER, REPLAYED_HEADER, readClaim } from '../idempotency.ts';
import { linksOfRun } from '../links.ts';
import { ENSEMBLE, WAIT } from '../parameters.ts';
import { reachEnsemble } from '../reach-ensemble.ts';
import { refuse } from '../refused-request.ts';
import { describeRun } from '../run-detail.ts';
import { ref } from '../schema-parts.ts';
import { defineRoute, json } from './route.ts';

const HEADERS = {
  Location: 'The path of the run.',
  [REPLAYED_HEADER]: '`true` when the Idempotency-Key was used before: this is the run of then.',
};

export const startRun = defineRoute({
  method: 'POST',
  path: '/ensembles/{id}/runs',
  operation: 'startRun',
  scopes: ['runs:start'],
  summary: 'Starts a run.',
  description:
    'The body is the input of the run; without one the input is `{}`. It is checked before anything starts. With the same `Idempotency-Key` within 24 hours the same key of the API gets the same run of the ensemble.',
  parameters: { id: ENSEMBLE },
  query: { wait: WAIT },
  headers: {
    [IDEMPOTENCY_HEADER]:
      '1 to 255 visible ASCII characters, chosen by the client: whoever repeats a request with it starts nothing twice.',
  },
  body: { description: 'The input of the run: an object.', required: false },
  responses: {
    201: { description: 'The run is over.', content: json(ref('Run')), headers: HEADERS },
    202: { description: 'The run is at work, or waits.', content: json(ref('Run')), headers: HEADERS },
    422: {
      description: 'The input is not what the ensemble declares, or the Idempotency-Key was used for another one.',
      content: { 'application/problem+json': ref('Problem') },
    },
  },
  async answer(call) {
    const { env, caller, path, query, body: input = {} } = call;
    const ensemble = reachEnsemble(call, 'runs:start', path.id);
    checkRunInput(ensemble, input);
    const claim = await readClaim(call, ensemble.id, input);
    const trigger = { type: 'api', caller: caller.name };
    const { type, run } = await startEnsemble(env, ensemble, { input, trigger, ...(claim === undefined ? {} : { claim }) });
    if (type === 'mismatch') refuse('idempotency-mismatch', 'This Idempotency-Key was used within the last 24 hours with another input.');
    noteKnownRun(run);
    const { wait = 0 } = query;
    const end = wait > 0 ? await waitForEnd(env, run, wait) : undefined;
    // Whoever does not wait is not told of an end either: what the answer is must not depend on which of the two was faster.
    const isAsked = wait > 0 || type === 'repeated';
    const summary = (isAsked ? await findRun(env, run) : undefined) ?? justBegun(ensemble, run);
    return answerJson(await describeRun(env, summary, end), {
      status: summary.finished_at === undefined ? 202 : 201,
      headers: { location: linksOfRun(run).self, ...(type === 'repeated' ? { [REPLAYED_HEADER]: 'true' } : {}) },
    });
  },
});

/** A run as it is on disk by now, whatever it does meanwhile. */
function justBegun({ name, file }: DeployedEnsemble, run: string): RunSummary {
  const now = Date.now();
  return { run, ensemble: name, file, status: 'running', started_at: now, last_event_at: now, attempt: 1, steps: 0 };
}
