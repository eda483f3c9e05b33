import type { BuildManifest } from '../../program/deployment.ts';
import { HOST_ROUTES } from '../../program/host-protocol.ts';
import type { JsonObject, JsonValue } from '../../program/json.ts';
import { forcedCron } from '../../program/platform-crons.ts';
import { suggest } from '../../program/suggest.ts';
import type { ProjectRuntime } from '../host-process/project-runtime.ts';
import { readNdjson } from '../ndjson.ts';
import { MAIL_ROUTE } from './dev-entry.ts';
import { ownProducer } from './dev-options.ts';
import type { FireAsk, FiredRun, FireReply } from './fire-request.ts';

export interface FireParts {
  readonly runtime: Pick<ProjectRuntime, 'ask' | 'call' | 'withMiniflare'>;
  readonly manifest: BuildManifest;
  /** How many messages of a queue were given up so far. */
  lostOf(queue: string): number;
}

/** A queue gathers messages for a second, the configuration may say for longer; then the runs have to begin. */
const RUNS_BEGIN_WITHIN_MS = 8_000;
const LOOK_EVERY_MS = 50;

/** Fires triggers of the project, and says which runs that began. */
export async function fireTrigger(ask: FireAsk, parts: FireParts): Promise<FireReply> {
  switch (ask.type) {
    case 'cron':
      return fireCron(ask.ensemble, parts);
    case 'queue':
      return fireQueue(ask, parts);
    case 'email':
      return fireEmail(ask, parts);
    default:
      return ask satisfies never;
  }
}

async function fireCron(id: string, parts: FireParts): Promise<FireReply> {
  const { ensembles } = parts.manifest;
  const withCron = ensembles.filter(({ triggers }) => triggers.some(({ type }) => type === 'cron')).map((ensemble) => ensemble.id);
  const ensemble = ensembles.find((other) => other.id === id);
  if (ensemble === undefined || !withCron.includes(id)) {
    const what = ensemble === undefined ? `there is no ensemble "${id}"` : `the ensemble "${id}" has no cron trigger`;
    return { type: 'refused', message: `${what}; ${nearest(id, withCron, 'cron triggers have')}` };
  }
  const runs: FiredRun[] = [];
  for (const [index, trigger] of ensemble.triggers.entries()) {
    if (trigger.type !== 'cron') continue;
    const at = Date.now();
    const result = await parts.runtime.withMiniflare(async (miniflare) => {
      const worker = await miniflare.getWorker();
      return worker.scheduled({ cron: forcedCron(id, index), scheduledTime: new Date(at) });
    });
    if (result.outcome !== 'ok') return { type: 'refused', message: `the cron trigger of "${id}" failed; ensemble dev shows why` };
    const found = await runsSince(at, parts, (given) => given.type === 'cron' && given.scheduled_time === at);
    runs.push(...found.filter((run) => !runs.some((other) => other.run === run.run)));
  }
  return { type: 'fired', runs };
}

async function fireQueue({ queue, messages }: Extract<FireAsk, { type: 'queue' }>, parts: FireParts): Promise<FireReply> {
  const readers = parts.manifest.ensembles.flatMap(({ triggers }) => triggers.filter((trigger) => trigger.type === 'queue'));
  const own = readers.filter((trigger) => trigger.queue === queue);
  if (own.length === 0) {
    const known = [...new Set(readers.map((trigger) => trigger.queue))];
    return { type: 'refused', message: `no ensemble reads the queue "${queue}"; ${nearest(queue, known, 'queues that are read are')}` };
  }
  const at = Date.now();
  const lostBefore = parts.lostOf(queue);
  await parts.runtime.withMiniflare(async (miniflare) => {
    const producer = await miniflare.getQueueProducer<JsonValue>(ownProducer(queue));
    for (const body of messages) await producer.send(body, { contentType: 'json' });
  });
  const expected = own.reduce((sum, { batchSize }) => sum + Math.ceil(messages.length / batchSize), 0);
  // A message that no run takes is given up after its last try.
  const wanted = () => expected - (parts.lostOf(queue) - lostBefore);
  const runs = await waitForRuns(at, wanted, parts, (given) => given.type === 'queue' && given.queue === queue);
  return { type: 'fired', runs, expected };
}

async function fireEmail({ from, to, raw }: Extract<FireAsk, { type: 'email' }>, parts: FireParts): Promise<FireReply> {
  const at = Date.now();
  const answer = await parts.runtime.ask('POST', MAIL_ROUTE, JSON.stringify({ from, to, raw }));
  const reason = await answer.text();
  if (answer.status === 422) return { type: 'refused', message: `the email was refused: ${reason}` };
  if (!answer.ok) throw new Error(`the mail did not reach the Worker: ${answer.status} ${reason}`);
  return {
    type: 'fired',
    runs: await waitForRuns(
      at,
      () => 1,
      parts,
      (given) => given.type === 'email' && given.from === from,
    ),
    expected: 1,
  };
}

/** The runs that a trigger began; fewer than are expected when the others do not come in time. */
async function waitForRuns(since: number, wanted: () => number, parts: FireParts, isOwn: (trigger: JsonObject) => boolean) {
  for (const until = performance.now() + RUNS_BEGIN_WITHIN_MS; ; ) {
    const runs = await runsSince(since, parts, isOwn);
    if (runs.length >= wanted() || performance.now() > until) return runs;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Oldest first. */
async function runsSince(since: number, { runtime }: FireParts, isOwn: (trigger: JsonObject) => boolean): Promise<FiredRun[]> {
  const found = (await runtime.call('runs', { since }))?.runs ?? [];
  const own: FiredRun[] = [];
  for (const { run, ensemble } of [...found].reverse()) {
    const trigger = await readTrigger(run, runtime);
    if (trigger !== undefined && isOwn(trigger)) own.push({ run, ensemble });
  }
  return own;
}

/** What `trigger` is in a run: its first event says. */
async function readTrigger(run: string, runtime: FireParts['runtime']): Promise<JsonObject | undefined> {
  const { body } = await runtime.ask('GET', `${HOST_ROUTES.events}?${new URLSearchParams({ run, from: '0' })}`);
  if (body === null) return undefined;
  for await (const event of readNdjson(body as AsyncIterable<Uint8Array>)) {
    const { trigger } = event as { readonly trigger?: JsonValue };
    return typeof trigger === 'object' && trigger !== null && !Array.isArray(trigger) ? (trigger as JsonObject) : undefined;
  }
  return undefined;
}

function nearest(given: string, known: readonly string[], words: string): string {
  const near = suggest(given, known);
  if (near !== undefined) return `did you mean "${near}"?`;
  return known.length === 0 ? 'the project has none' : `${words}: ${known.join(', ')}`;
}
