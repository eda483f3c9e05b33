import { Miniflare } from 'miniflare';
import { build } from '../scripts/build.ts';
import { WORKER_COMPATIBILITY } from '../src/program/host-protocol.ts';
import type { Program } from '../src/program/program.ts';
import type { RunEvent } from '../src/program/run-event.ts';
import { runProgram } from '../src/runtime/engine/run-program.ts';
import type { Ports } from '../src/runtime/ports.ts';
import { SYSTEM_CLOCK } from '../src/runtime/system-clock.ts';
import { programOf } from '../test/runtime/engine/support/program-of.ts';
import { openRunHost, type RunHost } from '../test/worker/support/run-host.ts';
import { runBenchmark, type Subject } from './harness.ts';

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

const ports: Ports = {
  clock: SYSTEM_CLOCK,
  random: Math.random,
  uuid: () => crypto.randomUUID(),
  fetch,
  bindings: { kv: () => undefined, d1: () => undefined, r2: () => undefined, names: () => [], ai: () => undefined },
  code: { call: async () => ({ ok: true, value: undefined, setState: undefined, logs: [] }) },
  env: {},
  secrets: [],
};

async function inMemory(program: Program): Promise<void> {
  const { signal } = new AbortController();
  const end = await runProgram({
    program,
    programHash: '',
    run: 'r',
    input: { x: 1 },
    ports,
    journal: { append: () => undefined },
    signal,
  });
  if (end.status !== 'succeeded') throw new Error(JSON.stringify(end));
}

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

/** µs an agent, over enough runs to be seen by a clock. */
function perAgent(name: string, count: number, run: () => Promise<unknown>): Subject {
  return {
    name,
    measure: async () => {
      const runs = Math.ceil(20_000 / count);
      const start = performance.now();
      for (let done = 0; done < runs; done += 1) await run();
      return ((performance.now() - start) * 1_000) / runs / count;
    },
  };
}

/** µs an agent as the run itself measures its duration inside workerd, in one run of the real RunObject. */
function inWorkerd(host: RunHost, name: string, program: Program, repeats = 1): Subject {
  const count = program.body.steps.length;
  return {
    name,
    measure: async () => {
      let ms = 0;
      for (let done = 0; done < repeats; done += 1) {
        const last = (await host.run(program, { run: crypto.randomUUID(), input: { x: 1 } })).at(-1) as RunEvent;
        if (last.type !== 'run.finished' || last.status !== 'succeeded') throw new Error(JSON.stringify(last));
        ms += last.duration_ms;
      }
      return (ms * 1_000) / repeats / count;
    },
  };
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
      perAgent('bare async loop of 1,000', 1_000, () => bareLoop(1_000)),
      perAgent('in memory, 10 agents', 10, () => inMemory(programs.transform10)),
      perAgent('in memory, 1,000 agents', 1_000, () => inMemory(programs.transform1000)),
      perAgent('in memory, 10,000 agents', 10_000, () => inMemory(programs.transform10000)),
      inWorkerd(host, 'journalled in workerd, 10 agents', programs.transform10, 20),
      inWorkerd(host, 'journalled in workerd, 1,000 agents', programs.transform1000, 4),
      inWorkerd(host, 'journalled in workerd, 10,000 agents', programs.transform10000),
      bareCall('bare call into an isolate', 'call', 1_000),
      inWorkerd(host, 'code agents in workerd', programs.code, 2),
      bareCall('bare KV put', 'put', 200),
      inWorkerd(host, 'KV put agents in workerd', programs.put),
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
