import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Miniflare } from 'miniflare';
import { build } from '../scripts/build.ts';
import { WORKER_BINDINGS, WORKER_COMPATIBILITY } from '../src/program/host-protocol.ts';
import { openDeployed } from '../test/support/deployed-worker.ts';
import { runBenchmark, type Subject } from './harness.ts';

/*
 * A deployed Worker under load: CLIENTS clients, each with a connection of its own, start a run, wait for its result over the HTTP API and start the next, for SECONDS seconds. Each request has an
 * `Idempotency-Key`, as that of a careful client. Beside it two
 * floors under the same clients: a Worker that answers 200 and does nothing, and one that writes a row to a new Durable Object for each request, which is the least that a run of its own
 * object can cost. Afterwards every run is looked up: each answer must belong to one run that succeeded, and there must be no other.
 */

const CLIENTS = 200;
const SECONDS = Number(process.env.LOAD_SECONDS ?? 30);
const KEY = 'key-of-the-load-benchmark';
const ABOUT = `${CLIENTS} clients with a connection each start a run of one agent over the HTTP API of a deployed Worker (in Miniflare), wait for its result and start the next, for ${SECONDS} seconds; beside it a Worker that answers and does nothing, and one that writes a row to a new Durable Object for each request. Each run is looked up afterwards: answered once, listed once, succeeded.`;
const CAVEATS = [
  'Measured once. The clients share the machine with workerd, which runs all objects on one thread here: Cloudflare spreads them over machines.',
  'A run is several requests between objects (itself, the index, the key that may be used once) and eighteen rows; the floor is one object and one row.',
];

const PROJECT = {
  'ensembles/double.yaml': `ensemble: double
input: { n: number }
agents:
  - { name: twice, operation: transform, config: { value: "\${input.n * 2}" } }
output: { doubled: "\${twice.output}" }
`,
};

const FLOORS = `
import { DurableObject } from 'cloudflare:workers';
export class Row extends DurableObject {
  write(text) {
    this.ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS rows (text TEXT)');
    this.ctx.storage.sql.exec('INSERT INTO rows VALUES (?)', text);
  }
}
export default { async fetch(request, env) {
  if (new URL(request.url).pathname === '/row') await env.ROWS.getByName(crypto.randomUUID()).write(await request.text());
  else await request.text();
  return new Response('{}');
} };`;

interface Answered {
  readonly status: number;
  readonly text: string;
}

interface Loaded {
  /** Of each request, ms, sorted. */
  readonly times: readonly number[];
  readonly perSecond: number;
}

/** `check` gets each answer with the number that was sent. */
async function load(url: URL, headers: Readonly<Record<string, string>>, check: (answer: Answered, n: number) => void): Promise<Loaded> {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const times: number[] = [];
  let sent = 0;
  const startedAt = performance.now();
  const until = startedAt + SECONDS * 1_000;
  const client = async (): Promise<void> => {
    while (performance.now() < until) {
      sent += 1;
      const n = sent;
      const before = performance.now();
      const answer = await send(url, agent, { ...headers, 'idempotency-key': `load-${n}` }, JSON.stringify({ n }));
      times.push(performance.now() - before);
      check(answer, n);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const seconds = (performance.now() - startedAt) / 1_000;
  agent.destroy();
  return { times: times.toSorted((a, b) => a - b), perSecond: times.length / seconds };
}

/** How often a connection was closed and its request sent again. */
let again = 0;

/** workerd closes a kept connection when it was too busy for five seconds to read from it; the key makes it safe to send the request again. */
async function send(url: URL, agent: Agent, headers: Readonly<Record<string, string>>, body: string): Promise<Answered> {
  for (;;) {
    try {
      return await post(url, agent, headers, body);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ECONNRESET')) throw error;
      again += 1;
    }
  }
}

function post(url: URL, agent: Agent, headers: Readonly<Record<string, string>>, body: string): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sending = request(url, { agent, method: 'POST', headers: { ...headers, 'content-type': 'application/json' } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    sending.on('error', reject);
    sending.end(body);
  });
}

const at = ({ times }: Loaded, share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;

const folder = mkdtempSync(join(tmpdir(), 'ensemble-load-'));
await build();
const floors = new Miniflare({
  modules: true,
  script: FLOORS,
  compatibilityDate: WORKER_COMPATIBILITY.date,
  durableObjects: { ROWS: { className: 'Row', useSQLite: true } },
  defaultPersistRoot: join(folder, 'floors'),
});
const worker = await openDeployed({
  files: PROJECT,
  persist: join(folder, 'ours'),
  vars: { [WORKER_BINDINGS.apiKeys]: JSON.stringify([{ name: 'load', key: KEY, scopes: ['*'] }]) },
});

try {
  const okay = ({ status }: Answered): void => {
    if (status !== 200) throw new Error(`a floor answered ${status}`);
  };
  const bare = await load(new URL('/', await floors.ready), {}, okay);
  const row = await load(new URL('/row', await floors.ready), {}, okay);

  const answered = new Map<string, number>();
  const ours = await load(
    new URL('/api/v1/ensembles/double/runs?wait=60s', await worker.miniflare.ready),
    { authorization: `Bearer ${KEY}` },
    ({ status, text }, n) => {
      if (status !== 201) throw new Error(`run ${n} got ${status}: ${text}`);
      const { run, status: end, output } = JSON.parse(text) as { run: string; status: string; output?: { doubled?: number } };
      if (end !== 'succeeded' || output?.doubled !== n * 2) throw new Error(`run ${n} answered ${text}`);
      if (answered.has(run)) throw new Error(`two answers are of the run ${run}`);
      answered.set(run, n);
    },
  );
  await compareWithList(answered);

  const figure = (name: string, value: number): Subject => ({ name, measure: () => value });
  await runBenchmark({
    name: 'load',
    unit: 'ms',
    about: ABOUT,
    caveats: CAVEATS,
    rounds: 0,
    subjects: [
      figure('run with its result, p50', at(ours, 0.5)),
      figure('run with its result, p99', at(ours, 0.99)),
      figure('row in a new Durable Object, p50', at(row, 0.5)),
      figure('row in a new Durable Object, p99', at(row, 0.99)),
      figure('bare Worker, p50', at(bare, 0.5)),
      figure('bare Worker, p99', at(bare, 0.99)),
    ],
    comparisons: [
      { subject: 'run with its result, p50', against: 'row in a new Durable Object, p50' },
      { subject: 'run with its result, p99', against: 'row in a new Durable Object, p99' },
      { subject: 'run with its result, p50', against: 'bare Worker, p50' },
      { subject: 'run with its result, p99', against: 'bare Worker, p99' },
    ],
  });
  await runBenchmark({
    name: 'load-rate',
    unit: `a second, ${CLIENTS} clients for ${SECONDS} s`,
    about: ABOUT,
    caveats: CAVEATS,
    rounds: 0,
    subjects: [
      figure('runs with their results', ours.perSecond),
      figure('rows in new Durable Objects', row.perSecond),
      figure('bare Worker', bare.perSecond),
    ],
    comparisons: [
      { subject: 'rows in new Durable Objects', against: 'runs with their results' },
      { subject: 'bare Worker', against: 'runs with their results' },
    ],
  });
} finally {
  await worker[Symbol.asyncDispose]();
  await floors.dispose();
  rmSync(folder, { recursive: true, force: true });
}

/** Every run that was answered is in the list, once and succeeded, and no other is. */
async function compareWithList(answered: ReadonlyMap<string, number>): Promise<void> {
  const listed = new Set<string>();
  for (let cursor = ''; ; ) {
    const response = await worker.fetch(`/api/v1/runs?limit=500${cursor}`, { headers: { authorization: `Bearer ${KEY}` } });
    const page = (await response.json()) as { runs: readonly { run: string; status: string }[]; next_cursor?: string };
    for (const { run, status } of page.runs) {
      if (listed.has(run) || !answered.has(run) || status !== 'succeeded') throw new Error(`the list has ${run}, ${status}`);
      listed.add(run);
    }
    if (page.next_cursor === undefined) break;
    cursor = `&cursor=${encodeURIComponent(page.next_cursor)}`;
  }
  if (listed.size !== answered.size) throw new Error(`${answered.size} runs were answered, ${listed.size} are listed`);
  console.log(`load: ${answered.size} runs, each answered once, listed once, succeeded; ${again} requests of all were sent again`);
}
