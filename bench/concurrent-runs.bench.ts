import { Miniflare } from 'miniflare';
import { build } from '../scripts/build.ts';
import { WORKER_COMPATIBILITY } from '../src/program/host-protocol.ts';
import { OPERATIONS } from '../src/runtime/operations/index.ts';
import type { Operation } from '../src/runtime/operations/operation.ts';
import { programOf } from '../test/runtime/engine/support/program-of.ts';
import { openRunHost } from '../test/worker/support/run-host.ts';
import { runBenchmark, type Subject, sized } from './harness.ts';
import { settledHeap } from './heap.ts';
import { runInMemory } from './in-memory.ts';
import { Turnstile } from './turnstile.ts';
import { listWorkerds, workerdBytes } from './workerd-memory.ts';

/*
 * What a run takes that is at work while 999 others are: the heap of the engine in this process, and the resident memory of workerd with a RunObject each. All are held at their second agent until
 * the last one has come there.
 */

const RUNS = sized(1_000, 5);
const PARK = 'log';
const SOURCE = `ensemble: bench
agents:
  - { name: before, operation: transform, config: { value: { n: "\${input.x + 1}" } } }
  - { name: parked, operation: OPERATION }
  - { name: after, operation: transform, config: { value: { n: "\${before.output.n + 1}" } } }
`;
const inMemory = programOf(SOURCE.replace('OPERATION', 'log, config: { message: parked }'));
const inWorkerd = programOf(SOURCE.replace('OPERATION', 'http, timeout: 4m, config: { url: "https://api.example.com/" }'));

/** How many start before the next ones do: workerd resets connections when a thousand come at once. */
const WAVE = 50;

/** Starts `count` that wait at the turnstile; gives what `measure` gives once all are there, and lets them go on to their ends. */
async function holdAll<Figure>(
  count: number,
  start: (turnstile: Turnstile) => Promise<unknown>,
  measure: () => Figure,
): Promise<Awaited<Figure>> {
  const turnstile = new Turnstile();
  const all: Promise<unknown>[] = [];
  while (all.length < count) {
    for (let index = 0; index < WAVE && all.length < count; index += 1) all.push(start(turnstile));
    // One that fails never comes.
    await Promise.race([turnstile.reached(all.length), Promise.all(all)]);
  }
  const figure = await measure();
  turnstile.open();
  await Promise.all(all);
  return figure;
}

/** Bytes a run of heap, while all of them are held where `start` lets them wait. */
function heapEach(name: string, start: (turnstile: Turnstile) => Promise<unknown>): Subject {
  return {
    name,
    measure: async () => {
      await holdAll(RUNS, start, () => undefined);
      const before = await settledHeap();
      return ((await holdAll(RUNS, start, settledHeap)) - before) / RUNS;
    },
  };
}

function runParked(turnstile: Turnstile): Promise<unknown> {
  const park: Operation = {
    name: PARK,
    effect: false,
    taints: false,
    run: async () => {
      await turnstile.pass();
      return { output: undefined };
    },
  };
  return runInMemory(inMemory, new Map([...OPERATIONS, [PARK, park]]));
}

/** What no engine can do without: an async function that holds its input and its first result. */
async function bareParked(turnstile: Turnstile): Promise<object> {
  const input = { x: 1 };
  const before = { n: input.x + 1 };
  await turnstile.pass();
  return { n: before.n + 1 };
}

interface Held extends AsyncDisposable {
  start(): Promise<unknown>;
}

/** Bytes a run of resident memory of a workerd of its own, which has had a few of them before. `open` gets what answers requests to elsewhere. */
function workerdEach(name: string, open: (outbound: () => Promise<Response>) => Promise<Held>): Subject {
  return {
    name,
    measure: async () => {
      let turnstile = new Turnstile();
      const others = new Set(listWorkerds());
      await using held = await open(async () => {
        await turnstile.pass();
        return new Response('{}', { headers: { 'content-type': 'application/json' } });
      });
      const pid = listWorkerds().find((one) => !others.has(one)) ?? Number.NaN;
      const hold = (count: number): Promise<number> =>
        holdAll(
          count,
          (next) => {
            turnstile = next;
            return held.start();
          },
          () => workerdBytes(pid),
        );
      await hold(Math.min(20, RUNS));
      const before = workerdBytes(pid);
      return ((await hold(RUNS)) - before) / RUNS;
    },
  };
}

const BARE = `
import { DurableObject } from 'cloudflare:workers';
export class Held extends DurableObject {
  async hold(text) {
    this.ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS rows (text TEXT)');
    this.ctx.storage.sql.exec('INSERT INTO rows VALUES (?)', text);
    return (await fetch('https://api.example.com/')).text();
  }
}
export default { async fetch(request, env) {
  return new Response(await env.HELD.getByName(crypto.randomUUID()).hold(await request.text()));
} };`;

async function openBare(outbound: () => Promise<Response>): Promise<Held> {
  const miniflare = new Miniflare({
    modules: true,
    script: BARE,
    compatibilityDate: WORKER_COMPATIBILITY.date,
    durableObjects: { HELD: { className: 'Held', useSQLite: true } },
    outboundService: outbound as never,
  });
  await miniflare.ready;
  return {
    start: async () => {
      const response = await miniflare.dispatchFetch('http://x/', { method: 'POST', body: '{"x":1}' });
      if (!response.ok) throw new Error(await response.text());
      await response.text();
    },
    [Symbol.asyncDispose]: () => miniflare.dispose(),
  };
}

async function openOurs(outbound: () => Promise<Response>): Promise<Held> {
  const host = await openRunHost({ outbound });
  await host.miniflare.ready;
  return {
    start: async () => {
      const last = (await host.run(inWorkerd, { run: crypto.randomUUID(), input: { x: 1 } })).at(-1);
      if (last?.type !== 'run.finished' || last.status !== 'succeeded') throw new Error(JSON.stringify(last));
    },
    [Symbol.asyncDispose]: () => host.close(),
  };
}

await runBenchmark({
  name: 'concurrent-runs',
  unit: 'bytes of heap a run',
  about: `What the engine holds in memory for each of ${RUNS.toLocaleString('en')} runs that are at work at once, all of them in the second of three agents, beside as many bare async functions that wait at the same place.`,
  caveats: ['The program is one and the same; the runs share it and its closures. No journal: its rows are on disk.'],
  rounds: 5,
  subjects: [heapEach('bare async functions', bareParked), heapEach('Ensemble, in memory', runParked)],
  comparisons: [{ subject: 'Ensemble, in memory', against: 'bare async functions' }],
});

if (process.platform === 'linux') {
  await build();
  await runBenchmark({
    name: 'concurrent-runs-workerd',
    unit: 'bytes of workerd a run',
    about: `By how much the resident memory of workerd grows with ${RUNS.toLocaleString('en')} runs at work at once, each in its own RunObject, which waits for the answer of a server in its second agent; divided by the runs. The floor is as many Durable Objects that write one row and wait for the same server.`,
    caveats: [
      'Read from `/proc`, so on Linux only. Resident memory is what the system counts: garbage that nobody has collected yet, open sockets of the waiting requests and the pages of SQLite are in it, on both sides.',
      'The requests that start the runs, and follow them to their ends, stay open meanwhile. Each round has a workerd of its own.',
    ],
    rounds: 3,
    subjects: [workerdEach('bare Durable Objects', openBare), workerdEach('Ensemble, in workerd', openOurs)],
    comparisons: [
      { subject: 'Ensemble, in workerd', against: 'bare Durable Objects' },
      { subject: 'Ensemble, in workerd', against: 'bare Durable Objects', as: 'difference' },
    ],
  });
}
