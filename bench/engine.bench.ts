import { Miniflare } from 'miniflare';
import { build } from '../scripts/build.ts';
import { WORKER_COMPATIBILITY } from '../src/program/host-protocol.ts';
import type { Program } from '../src/program/program.ts';
import { programOf } from '../test/runtime/engine/support/program-of.ts';
import { openRunHost } from '../test/worker/support/run-host.ts';
import { runBenchmark, type Subject } from './harness.ts';
import { microsecondsEach, runInMemory } from './in-memory.ts';
import { microsecondsInWorkerd } from './in-workerd.ts';

const agents = (count: number, agent: (index: number) => string): Program =>
  programOf(`ensemble: bench\nagents:\n${Array.from({ length: count }, (_, index) => agent(index)).join('')}`);
const transform = (index: number): string =>
  `  - { name: a${index}, operation: transform, config: { value: { n: "\${input.x + ${index}}" } } }\n`;
const code = (index: number): string => `  - { name: a${index}, operation: code, config: { code: "return input.x + ${index}" } }\n`;
const put = (index: number): string =>
  `  - { name: a${index}, operation: storage, config: { type: kv, action: put, key: "k${index}", value: v } }\n`;

const programs = {
  transform10: agents(10, transform),
  transform1000: agents(1_000, transform),
  transform10000: agents(10_000, transform),
  code: agents(300, code),
  put: agents(200, put),
};

/** What no engine can do without: an async function an agent, an expression, a result by name and two events. */
async function bareLoop(count: number): Promise<unknown> {
  const results = new Map<string, object>();
  const events: object[] = [];
  const scope = { input: { x: 1 } };
  const run = async (index: number): Promise<void> => {
    events.push({ seq: events.length, at: Date.now(), type: 'agent.started', agent: `a${index}` });
    const output = { n: scope.input.x + index };
    results.set(`a${index}`, { output });
    events.push({ seq: events.length, at: Date.now(), type: 'agent.finished', agent: `a${index}`, output });
  };
  for (let index = 0; index < count; index += 1) await run(index);
  return [results, events];
}

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

function inWorkerd(name: string, program: Program, repeats = 1): Subject {
  return microsecondsInWorkerd(name, { host, program, count: program.body.steps.length, repeats });
}

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
    name: 'engine',
    unit: 'µs an agent',
    rounds: 7,
    subjects: [
      microsecondsEach('bare async loop of 1,000', 1_000, () => bareLoop(1_000)),
      microsecondsEach('in memory, 10 agents', 10, () => runInMemory(programs.transform10)),
      microsecondsEach('in memory, 1,000 agents', 1_000, () => runInMemory(programs.transform1000)),
      microsecondsEach('in memory, 10,000 agents', 10_000, () => runInMemory(programs.transform10000)),
      inWorkerd('journalled in workerd, 10 agents', programs.transform10, 20),
      inWorkerd('journalled in workerd, 1,000 agents', programs.transform1000, 4),
      inWorkerd('journalled in workerd, 10,000 agents', programs.transform10000),
      bareCall('bare call into an isolate', 'call', 1_000),
      inWorkerd('code agents in workerd', programs.code, 2),
      bareCall('bare KV put', 'put', 200),
      inWorkerd('KV put agents in workerd', programs.put),
    ],
    comparisons: [
      { subject: 'in memory, 1,000 agents', against: 'bare async loop of 1,000', target: 'an agent ≤ 10 µs' },
      { subject: 'in memory, 10,000 agents', against: 'in memory, 1,000 agents', target: 'flat' },
      { subject: 'journalled in workerd, 1,000 agents', against: 'in memory, 1,000 agents', target: 'an agent ≤ 60 µs' },
      { subject: 'journalled in workerd, 10,000 agents', against: 'journalled in workerd, 1,000 agents', target: 'flat' },
      { subject: 'code agents in workerd', against: 'bare call into an isolate', target: 'an agent ≤ 150 µs' },
      { subject: 'KV put agents in workerd', against: 'bare KV put', target: '≤ 0.6 ms more' },
    ],
  });
} finally {
  await host.close();
  await bare.dispose();
}
