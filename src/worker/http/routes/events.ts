import { HOST_ROUTES } from '../../../program/host-protocol.ts';
import { openRun } from '../../open-run.ts';
import type { WorkerEnv } from '../../worker-env.ts';
import { askRun } from '../ask-run.ts';
import { type FrameFormat, frameEvents, NDJSON, SERVER_SENT_EVENTS } from '../event-frames.ts';
import { reachRun } from '../may-reach.ts';
import { flag, number, RUN } from '../parameters.ts';
import { refuse } from '../refused-request.ts';
import { ref } from '../schema-parts.ts';
import { defineRoute } from './route.ts';

const MAX_SEQ = Number.MAX_SAFE_INTEGER - 1;
const LAST_ID = 'last-event-id';
const SSE_TYPE = 'text/event-stream';
const NDJSON_TYPE = 'application/x-ndjson';

export const getEvents = defineRoute({
  method: 'GET',
  path: '/runs/{run}/events',
  operation: 'getEvents',
  scopes: ['runs:read'],
  summary: 'The events of a run, from its journal and as they come.',
  description:
    'Server-sent events: `id` is the `seq` of the event, `event` its type, `data` the event as JSON. The stream ends after `run.finished`; an `EventSource` that comes back after that gets 204, which tells it to stop. With `Accept: application/x-ndjson` an event a line. A comment, or an empty line, every 15 seconds says that the connection lives.',
  parameters: { run: RUN },
  query: {
    from: number('The `seq` of the first event; 0 unless told.', { minimum: 0, maximum: MAX_SEQ }),
    follow: flag('`0`: ends with the last event that is written now. Unless told it goes on until the run is over.'),
  },
  headers: {
    [LAST_ID]: 'The `id` of the last event that the client has: it gets those after it, whatever `from` says.',
    accept: `\`${SSE_TYPE}\` or \`${NDJSON_TYPE}\`.`,
  },
  responses: {
    200: { description: 'The events.', content: { [SSE_TYPE]: { type: 'string' }, [NDJSON_TYPE]: ref('RunEvent') } },
    204: { description: 'The run is over, and the client has all of its events (only with `Last-Event-ID`).' },
    406: { description: 'Neither of the two formats is accepted.', content: { 'application/problem+json': ref('Problem') } },
  },
  async answer(call) {
    const { request, env, path, query } = call;
    const type = chooseType(request);
    const last = readLastId(request);
    const { finished_at } = await reachRun(call, 'runs:read', path.run);
    const from = last === undefined ? (query.from ?? 0) : last + 1;
    const headers = { 'content-type': type, ...STREAM_HEADERS };
    if (request.method === 'HEAD') return new Response(null, { headers });
    const isAll = last !== undefined && finished_at !== undefined && (await countEvents(call.env, path.run)) <= from;
    if (isAll) return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } });
    const follow = query.follow === false ? '0' : '1';
    const { body } = await askRun(env, path.run, `${HOST_ROUTES.events}?from=${from}&follow=${follow}`);
    return new Response(body === null ? null : frameEvents(body, FORMATS[type]), { headers });
  },
});

/** `identity`: compressed streams arrive only when they are over. */
const STREAM_HEADERS = {
  'cache-control': 'no-store',
  'content-encoding': 'identity',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
} as const;

const FORMATS = { [SSE_TYPE]: SERVER_SENT_EVENTS, [NDJSON_TYPE]: NDJSON } as const satisfies Readonly<Record<string, FrameFormat>>;

/** The first that is accepted, in the order of the header; without one, and for whoever takes anything, server-sent events. */
function chooseType(request: Request): keyof typeof FORMATS {
  const accepted = (request.headers.get('accept') ?? '*/*').split(',').map((range) => range.split(';')[0]?.trim().toLowerCase());
  for (const range of accepted) {
    if (range === NDJSON_TYPE || range === 'application/*') return NDJSON_TYPE;
    if (range === SSE_TYPE || range === 'text/*' || range === '*/*' || range === '') return SSE_TYPE;
  }
  return refuse('not-acceptable', `Events come as ${SSE_TYPE} or ${NDJSON_TYPE}.`);
}

function readLastId(request: Request): number | undefined {
  const given = request.headers.get(LAST_ID);
  if (given === null) return undefined;
  const seq = /^\d{1,15}$/.test(given) ? Number(given) : refuse('bad-request', 'Last-Event-ID must be the number of an event.');
  return seq;
}

/** Of a run that is over. */
async function countEvents(env: WorkerEnv, run: string): Promise<number> {
  return (await openRun(env, run).report())?.events ?? 0;
}
