import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { HOST_ROUTES, WORKER_BINDINGS } from '../../src/program/host-protocol.ts';
import type { JsonValue } from '../../src/program/json.ts';
import type { Program } from '../../src/program/program.ts';
import type { RunEvent } from '../../src/program/run-event.ts';
import { programOf } from '../runtime/engine/support/program-of.ts';
import { bundleWorker } from '../worker/support/bundle-worker.ts';
import { openRunHost, type RunHost } from '../worker/support/run-host.ts';
import { openEffectsServer } from './effects-server.ts';

/** Where a process that runs the run ends. */
export interface CrashPoint {
  /** At the append of this number since the process began, from 1 on. */
  readonly append: number;
  /** Whether the group of that append is on disk. */
  readonly phase: 'unwritten' | 'written';
}

/** The end of a process that had the run. */
export interface Crash {
  /** Epoch ms. Whatever the next process writes is later. */
  readonly at: number;
  /** How often the server had seen each idempotency key. */
  readonly effects: ReadonlyMap<string, number>;
}

/** What a run came to. */
export interface CrashedRun {
  readonly events: readonly RunEvent[];
  /** Appends of the last process. */
  readonly appends: number;
  readonly status: string;
  readonly output: JsonValue | undefined;
  /** What it left in every state scope and elsewhere. */
  readonly stored: JsonValue;
  /** How often the server saw each idempotency key. */
  readonly effects: ReadonlyMap<string, number>;
  readonly crashes: readonly Crash[];
}

export interface CrashOptions {
  /** Nobody asks for the run after a crash: its alarm resumes it. */
  readonly byAlarm?: boolean;
}

export const RUN = 'crash';
const SEAL_KEY = Buffer.alloc(32, 7).toString('base64');
const STANDS_STILL = 'THE JOURNAL STANDS STILL';
const APPENDED = 'THE JOURNAL WENT ON';
const POLL_MS = 25;
const PATIENCE_MS = 100_000;

let worker: Promise<string> | undefined;

/** Runs the program in workerd on a folder of its own; the process is killed at each of the points in turn, and the last one left alone. */
export async function runWithCrashes(
  program: Program,
  points: readonly CrashPoint[],
  { byAlarm = false }: CrashOptions = {},
): Promise<CrashedRun> {
  worker ??= bundleWorker('../crash/fixtures/crash-worker.js');
  const script = await worker;
  const persist = await mkdtemp(join(tmpdir(), 'ensemble-crash-'));
  await using server = await openEffectsServer();
  const crashes: Crash[] = [];
  try {
    for (const point of points) {
      const stood = Promise.withResolvers<'stands still'>();
      const host = await openRunHost({
        script,
        persist,
        ...variables(server.origin, point),
        onRuntimeText: (text) => {
          if (text.includes(STANDS_STILL)) stood.resolve('stands still');
        },
      });
      const over = runToEnd(host, program, byAlarm);
      over.catch(() => undefined);
      let how: Awaited<typeof stood.promise | typeof over>;
      try {
        how = await Promise.race([stood.promise, over]);
      } finally {
        await host.kill();
      }
      await server.deserted();
      crashes.push({ at: Date.now(), effects: server.counts() });
      // The run is shorter than the point is far.
      if (how !== 'stands still') break;
    }
    let appends = 0;
    const host = await openRunHost({
      script,
      persist,
      ...variables(server.origin, { append: -1, phase: 'written' }),
      onRuntimeText: (text) => {
        appends += text.split(APPENDED).length - 1;
      },
    });
    try {
      const events = await runToEnd(host, program, byAlarm);
      const last = events.at(-1);
      if (last?.type !== 'run.finished') throw new Error(`the run ended with ${last?.type}`);
      const { status, output } = last;
      return { events, appends, status, output, stored: await readStored(host), effects: server.counts(), crashes };
    } finally {
      await host.close();
    }
  } finally {
    await rm(persist, { recursive: true, force: true });
  }
}

function variables(origin: string, { append, phase }: CrashPoint) {
  const vars = {
    SERVER: origin,
    API_TOKEN: 'token-of-the-test',
    CRASH_AT: String(append),
    CRASH_PHASE: phase,
    [WORKER_BINDINGS.sealKey]: SEAL_KEY,
  };
  return { vars, secrets: ['API_TOKEN'] };
}

/** Starts the run if it is not known, else has it resumed; answers what it asks; gives its journal once it is over. */
async function runToEnd(host: RunHost, program: Program, byAlarm: boolean): Promise<readonly RunEvent[]> {
  const until = Date.now() + PATIENCE_MS;
  if ((await host.request(`${HOST_ROUTES.events}?run=${RUN}`)).status === 404) {
    const response = await host.send(program, { run: RUN });
    response.body?.cancel().catch(() => undefined);
  } else if (!byAlarm) {
    await call(host, 'resume', { run: RUN });
  }
  for (const answered = new Set<string>(); ; await setTimeout(POLL_MS)) {
    const events = await host.events(RUN);
    if (events.at(-1)?.type === 'run.finished') return events;
    for (const event of events) {
      if (event.type !== 'run.waiting' || event.reason !== 'approval' || answered.has(event.agent)) continue;
      const answer = { approved: true, approver: 'ann' };
      const outcome = (await call(host, 'answer', { run: RUN, agent: event.agent, answer })) as { readonly type: string };
      if (outcome.type === 'taken') answered.add(event.agent);
    }
    if (Date.now() > until) throw new Error(`the run is not over: ${JSON.stringify(events.slice(-5))}`);
  }
}

async function call(host: RunHost, name: string, ask: JsonValue): Promise<unknown> {
  const response = await host.request(HOST_ROUTES.call + name, { method: 'POST', body: JSON.stringify(ask) });
  if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** What the run has written anywhere, read by a run of its own. Lists that several agents append to at once are sorted. */
async function readStored(host: RunHost): Promise<JsonValue> {
  const events = await host.run(READER);
  const last = events.at(-1);
  if (last?.type !== 'run.finished' || last.output === undefined) throw new Error(`the state could not be read: ${JSON.stringify(last)}`);
  return last.output;
}

const READER = programOf(
  `ensemble: reader
state: { backend: d1, key: everything }
agents:
  - { name: kv, operation: storage, config: { type: kv, action: get, key: crash } }
  - { name: child, operation: storage, config: { type: kv, action: get, key: child-4 } }
  - { name: rows, operation: data, config: { backend: d1, query: "SELECT * FROM crashes ORDER BY id" } }
  - { name: object, operation: storage, config: { type: r2, action: get, key: crash.txt } }
  - { name: seen, agent: read-enrich }
output:
  kv: \${kv.output.value}
  child: \${child.output.value}
  rows: \${rows.output.rows}
  object: \${object.output.body}
  seen: \${seen.output.sort()}
  state: \${state}
`,
  {
    'read-enrich': `agent: read-enrich
state: { backend: durable-object, key: enrich }
operations:
  - { name: all, operation: transform, config: { value: "\${state.seen ?? []}" }, state: { use: [seen] } }
outputs: \${all.output}
`,
  },
);
