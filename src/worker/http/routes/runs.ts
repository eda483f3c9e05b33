import { HOST_ROUTES } from '../../../program/host-protocol.ts';
import type { RunStatus } from '../../../program/run-event.ts';
import { findDeployed } from '../../deployment.ts';
import { waitForEnd } from '../../run-end.ts';
import { answerJson } from '../answer-json.ts';
import { askRun } from '../ask-run.ts';
import { listPage } from '../list-pages.ts';
import { mayReachFile, reachRun } from '../may-reach.ts';
import { MAX_PAGE, moment, number, RUN, someOf, text, WAIT } from '../parameters.ts';
import { describeRun } from '../run-detail.ts';
import { ref } from '../schema-parts.ts';
import { answerTagged } from '../tagged-answer.ts';
import { defineRoute, json } from './route.ts';

const SCOPE = 'runs:read';
const STATUSES = ['running', 'waiting', 'paused', 'succeeded', 'failed', 'cancelled'] as const satisfies readonly RunStatus[];
const DEFAULT_PAGE = 100;

export const listRuns = defineRoute({
  method: 'GET',
  path: '/runs',
  operation: 'listRuns',
  scopes: [SCOPE],
  summary: 'Runs, newest first.',
  parameters: {},
  query: {
    ensemble: text('Those of one ensemble: its id, or the name that its file gives itself.'),
    status: someOf(STATUSES, 'Those that stand so.'),
    since: moment('Those that started then or later.'),
    until: moment('Those that started before.'),
    part: { ...text('Those whose ids begin or end so.', 26), schema: { type: 'string', pattern: '^[0-9a-z]{1,26}$' } },
    limit: number(`How many; ${DEFAULT_PAGE} unless told.`, { minimum: 1, maximum: MAX_PAGE }),
    cursor: { ...RUN, description: 'The `next_cursor` of the page before.' },
  },
  responses: { 200: { description: 'A page of runs. Without `next_cursor` it is the last one.', content: json(ref('RunPage')) } },
  async answer(call) {
    const { ensemble, status, since, until, part, limit = DEFAULT_PAGE, cursor } = call.query;
    const filter = {
      ...(ensemble === undefined ? {} : { ensemble: findDeployed(ensemble)?.file ?? ensemble }),
      ...(status === undefined ? {} : { statuses: status }),
      ...(since === undefined ? {} : { since }),
      ...(until === undefined ? {} : { until }),
      ...(part === undefined ? {} : { part }),
      ...(cursor === undefined ? {} : { before: cursor }),
      limit,
    };
    return answerJson(await listPage(call.env, filter, ({ file }) => mayReachFile(call, SCOPE, file)));
  },
});

export const getRun = defineRoute({
  method: 'GET',
  path: '/runs/{run}',
  operation: 'getRun',
  scopes: [SCOPE],
  summary: 'One run: what it does, or how it ended.',
  parameters: { run: RUN },
  query: { wait: WAIT },
  responses: { 200: { description: 'The run as it stands.', content: json(ref('Run')) } },
  async answer(call) {
    const { env, path, query } = call;
    const found = await reachRun(call, SCOPE, path.run);
    const isAwaited = found.finished_at === undefined && query.wait !== undefined;
    const end = isAwaited ? await waitForEnd(env, path.run, query.wait ?? 0) : undefined;
    return answerJson(await describeRun(env, isAwaited ? await reachRun(call, SCOPE, path.run) : found, end));
  },
});

export const getProgram = defineRoute({
  method: 'GET',
  path: '/runs/{run}/program',
  operation: 'getProgram',
  scopes: [SCOPE],
  summary: 'The program that the run has now.',
  parameters: { run: RUN },
  query: {},
  headers: { 'if-none-match': 'The `ETag` of an earlier answer.' },
  responses: {
    200: {
      description: 'The program, in the format that its `format` says.',
      content: json(ref('Program')),
      headers: { ETag: 'Of this program.' },
    },
    304: { description: 'The program is the one that the client has.' },
  },
  async answer(call) {
    await reachRun(call, SCOPE, call.path.run);
    const response = await askRun(call.env, call.path.run, HOST_ROUTES.program);
    return answerTagged(call.request, await response.text(), 'application/json');
  },
});
