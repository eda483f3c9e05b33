import { Miniflare } from 'miniflare';
import { build } from '../scripts/build.ts';
import { WORKER_COMPATIBILITY } from '../src/program/host-protocol.ts';
import type { Program } from '../src/program/program.ts';
import { programOf } from '../test/runtime/engine/support/program-of.ts';
import { openRunHost } from '../test/worker/support/run-host.ts';
import { runBenchmark, type Subject, sized } from './harness.ts';
import { microsecondsInWorkerd } from './in-workerd.ts';

/*
 * What an agent costs that leaves the engine: one that calls into a code isolate and one with an effect, each beside the bare call from a Durable Object of its own.
 */

const CODE = sized(300, 5);
const PUTS = sized(200, 5);

const BARE = `
import { DurableObject } from 'cloudflare:workers';
export class Bare extends DurableObject {
  async put(count) {
    const start = Date.now();
    for (let index = 0; index < count; index += 1) await this.env.KV.put('k' + index, 'v');
    return Date.now() - start;
  }
  async call(count) {
    const worker = this.env.LOADER.get('bare', () => ({ compatibilityDate: '${WORKER_COMPATIBILITY.date}', mainModule: 'm.js', globalOutbound: null, env: {},
      modules: { 'm.js': "import { WorkerEntrypoint } from 'cloudflare:workers'; export class E extends WorkerEntrypoint { async call(text) { return JSON.stringify(JSON.parse(text).x + 1) } } export default {}" } }));
    const entry = worker.getEntrypoint('E');
    await entry.call('{"x":1}');
    const start = Date.now();
    for (let index = 0; index < count; index += 1) await entry.call('{"x":1}');
    return Date.now() - start;
  }
}
export default { async fetch(request, env) {
  const [what, count] = new URL(request.url).pathname.slice(1).split('/');
  return new Response(String(await env.BARE.getByName('bare')[what](Number(count))));
} };`;

const agents = (count: number, agent: (index: number) => string): Program =>
  programOf(`ensemble: bench\nagents:\n${Array.from({ length: count }, (_, index) => agent(index)).join('')}`);
const code = (index: number): string => `  - { name: a${index}, operation: code, config: { code: "return input.x + ${index}" } }\n`;
const put = (index: number): string =>
  `  - { name: a${index}, operation: storage, config: { type: kv, action: put, key: "k${index}", value: v } }\n`;

await build();
const host = await openRunHost();
const bare = new Miniflare({
  modules: true,
  script: BARE,
  compatibilityDate: WORKER_COMPATIBILITY.date,
  durableObjects: { BARE: { className: 'Bare', useSQLite: true } },
  kvNamespaces: ['KV'],
  workerLoaders: { LOADER: {} },
});
const bareCall = (name: string, what: string, count: number): Subject => ({
  name,
  measure: async () => (Number(await (await bare.dispatchFetch(`http://x/${what}/${count}`)).text()) * 1_000) / count,
});

try {
  await runBenchmark({
    name: 'code-agents',
    unit: 'µs an agent',
    about: `A run of ${CODE} code agents against as many bare calls into an isolate that a Worker Loader made, and a run of ${PUTS} agents that put a value into KV against as many bare puts; all inside workerd, from a Durable Object.`,
    caveats: [
      'The bare call sends and gets a few bytes of JSON and checks nothing. A code agent gets its input and the state that it may read, has its logs gathered, its time watched, its result checked and its events journalled, and its isolate is told from others.',
      'The bare put is preceded by nothing; an agent with an effect has what led to it on disk first, which is one wait for the disk for each.',
      'KV is the emulator (SQLite and a file a value): a deployed put takes longer on both sides.',
    ],
    rounds: 7,
    subjects: [
      bareCall('bare call into an isolate', 'call', sized(1_000, 5)),
      {
        ...microsecondsInWorkerd('code agents', { host, program: agents(CODE, code), count: CODE, repeats: sized(2, 1) }),
        target: '≤ 150',
      },
      bareCall('bare KV put', 'put', PUTS),
      microsecondsInWorkerd('KV put agents', { host, program: agents(PUTS, put), count: PUTS }),
    ],
    comparisons: [
      { subject: 'code agents', against: 'bare call into an isolate' },
      { subject: 'KV put agents', against: 'bare KV put' },
      { subject: 'KV put agents', against: 'bare KV put', as: 'difference', target: '≤ 600' },
    ],
  });
} finally {
  await host.close();
  await bare.dispose();
}
