import { Miniflare } from 'miniflare';
import { WORKER_COMPATIBILITY } from '../src/program/host-protocol.ts';
import { runBenchmark, sized } from './harness.ts';

/*
 * Why the engine runs inside workerd: one statement of D1 and one put into KV, called from Node through Miniflare's proxy and from a Worker.
 */

const CALLS = sized(50, 3);

const SCRIPT = `
export default { async fetch(request, env) {
  const [what, count] = new URL(request.url).pathname.slice(1).split('/');
  const call = what === 'd1' ? () => env.DB.prepare('SELECT 1 AS one').all() : (index) => env.KV.put('k' + index, 'v');
  const start = Date.now();
  for (let index = 0; index < Number(count); index += 1) await call(index);
  return new Response(String(Date.now() - start));
} };`;

const miniflare = new Miniflare({
  modules: true,
  script: SCRIPT,
  compatibilityDate: WORKER_COMPATIBILITY.date,
  kvNamespaces: ['KV'],
  d1Databases: ['DB'],
});

try {
  const database = await miniflare.getD1Database('DB');
  const kv = await miniflare.getKVNamespace('KV');
  const fromNode = async (call: (index: number) => Promise<unknown>): Promise<number> => {
    const startedAt = performance.now();
    for (let index = 0; index < CALLS; index += 1) await call(index);
    return (performance.now() - startedAt) / CALLS;
  };
  const inside = async (what: string): Promise<number> =>
    Number(await (await miniflare.dispatchFetch(`http://x/${what}/${CALLS}`)).text()) / CALLS;
  await runBenchmark({
    name: 'storage-calls',
    unit: 'ms a call',
    about:
      'A statement of D1 and a put into KV, one after another, from Node with the bindings that Miniflare hands out and from a Worker inside workerd: why our engine runs there.',
    caveats: ['Both are the emulator with its data in memory or a temporary folder; what a deployed Worker waits for is the network.'],
    rounds: 5,
    subjects: [
      { name: 'D1 from Node', measure: () => fromNode(() => database.prepare('SELECT 1 AS one').all()) },
      { name: 'D1 in workerd', measure: () => inside('d1') },
      { name: 'KV put from Node', measure: () => fromNode((index) => kv.put(`k${index}`, 'v')) },
      { name: 'KV put in workerd', measure: () => inside('kv') },
    ],
    comparisons: [
      { subject: 'D1 from Node', against: 'D1 in workerd' },
      { subject: 'KV put from Node', against: 'KV put in workerd' },
    ],
  });
} finally {
  await miniflare.dispose();
}
