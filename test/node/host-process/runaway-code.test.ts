import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { compile } from '../../../src/language/compile.ts';
import { findProject } from '../../../src/node/find-project.ts';
import type { Host } from '../../../src/node/host.ts';
import { openLocalHost } from '../../../src/node/local-host.ts';
import type { RunEvent } from '../../../src/program/run-event.ts';
import { createRunId } from '../../../src/program/run-id.ts';

/** Each body that is ended costs a start of workerd. */
const TIMEOUT_MS = 90_000;

let root: string;
let host: Host;
/** Requests that reached the network, by path, and how each is answered. */
const reached = new Map<string, number>();
const answers = new Map<string, () => Promise<string>>();

beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'ensemble-runaway-')));
  writeFileSync(join(root, 'package.json'), '{}');
  host = await openLocalHost({
    project: findProject(root),
    outbound: async (request) => {
      const path = new URL(request.url).pathname;
      reached.set(path, (reached.get(path) ?? 0) + 1);
      return new Response(JSON.stringify(await (answers.get(path) ?? (async () => `answer of ${path}`))()));
    },
  });
});
afterAll(async () => {
  await host.close();
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => reached.clear());
afterEach(() => answers.clear());

async function run(text: string): Promise<readonly RunEvent[]> {
  const { program, diagnostics } = compile({ path: 'ensembles/test.yaml', text });
  if (program === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const events: RunEvent[] = [];
  for await (const event of host.run(program, { run: createRunId(Date.now()), input: {}, vars: {}, secretVars: [] })) events.push(event);
  return events;
}

async function endOf(text: string): Promise<unknown> {
  const last = (await run(text)).at(-1);
  return last?.type === 'run.finished' ? (last.failure?.code ?? last.output) : last;
}

/** A run with one agent of each body, whose failures are handled; its output is the code of each failure, by the agent. */
function each(bodies: Readonly<Record<string, string>>, settings: string): string {
  const agents = Object.entries(bodies).map(
    ([name, body]) =>
      `  - { name: ${name}, operation: code, ${settings}, onError: continue, config: { code: ${JSON.stringify(body.replaceAll('${', '$${'))} } }\n`,
  );
  const output = Object.keys(bodies).map((name) => `  ${name}: "\${${name}.failure.code}"\n`);
  return `ensemble: bodies\nagents:\n${agents.join('')}output:\n${output.join('')}`;
}

/** Long enough for a body to begin on a slow machine, and no longer than a standstill is waited for anyhow. */
const TIMEOUT = '800ms';

const SPIN = `ensemble: spin\nagents:\n  - { name: a, operation: code, timeout: ${TIMEOUT}, config: { code: "while (true) {}" } }\n`;

describe('a body that computes without end', { timeout: TIMEOUT_MS }, () => {
  test('fails with CPU_LIMIT, in its first call after the start too, and runs beside it finish', async () => {
    const slow = 'await new Promise((r) => setTimeout(r, 100)); return 7';
    const [spun, ...beside] = await Promise.all([
      run(SPIN),
      endOf('ensemble: h\nagents:\n  - { name: a, operation: http, config: { url: "http://stub.test/beside" } }\n'),
      endOf('ensemble: w\nagents:\n  - { name: a, operation: wait, config: { for: 200ms } }\noutput: waited\n'),
      endOf(`ensemble: c\nagents:\n  - { name: a, operation: code, config: { code: "${slow}" } }\n`),
    ]);
    expect(spun.at(-1)).toMatchObject({
      type: 'run.finished',
      status: 'failed',
      agent: 'a',
      failure: {
        code: 'CPU_LIMIT',
        message:
          'The code computed without a pause for longer than the 800 ms of its timeout, while nothing else could run, and was ended.',
      },
    });
    expect(spun.map(({ seq }) => seq)).toEqual(spun.map((_, index) => index));
    expect(beside).toEqual(['"answer of /beside"', 'waited', 7]);
  });

  test('is found however it does so, one after another, and what was done before is not done again', async () => {
    const text = each(
      {
        microtasks: 'for (;;) await null',
        left: '(async () => { for (;;) await null })(); return 1',
        regex: 'return /^(a+)+$/.test("a".repeat(60) + "b")',
        getter: 'return { get a() { for (;;); } }',
      },
      `timeout: ${TIMEOUT}`,
    ).replace('agents:\n', 'agents:\n  - { name: first, operation: http, config: { url: "http://stub.test/first", method: POST } }\n');
    expect(await endOf(text)).toEqual({
      microtasks: 'CPU_LIMIT',
      left: 'CPU_LIMIT',
      regex: 'CPU_LIMIT',
      getter: 'CPU_LIMIT',
    });
    expect(reached.get('/first')).toBe(1);
  });

  test('with network is ended too', async () => {
    expect(
      await endOf(SPIN.replace(TIMEOUT, '3s').replace('code: "', "network: true, code: \"await fetch('http://stub.test/own'); ")),
    ).toBe('CPU_LIMIT');
  });

  test('is told from those that are in flight with it, which come to their ends', async () => {
    const text = `ensemble: some
agents:
  - type: parallel
    steps:
${[1, 2, 3].map((n) => `      - { name: a${n}, operation: code, timeout: 60s, config: { code: "await new Promise((r) => setTimeout(r, 50)); return ${n}" } }\n`).join('')}
      - { name: spins, operation: code, timeout: ${TIMEOUT}, onError: continue, config: { code: "for (;;);" } }
output: ["\${a1.output}", "\${a2.output}", "\${a3.output}", "\${spins.failure.code}"]
`;
    expect(await endOf(text)).toEqual([1, 2, 3, 'CPU_LIMIT']);
  });

  test('ends no run that waits beside it, however often it comes', async () => {
    const released = Promise.withResolvers<string>();
    answers.set('/long', () => released.promise);
    const beside = endOf('ensemble: h\nagents:\n  - { name: a, operation: http, config: { url: "http://stub.test/long" } }\n');
    const bodies = Object.fromEntries([1, 2, 3, 4].map((n) => [`a${n}`, 'for (;;);']));
    expect(new Set(Object.values((await endOf(each(bodies, `timeout: ${TIMEOUT}`))) as object))).toEqual(new Set(['CPU_LIMIT']));
    released.resolve('at last');
    expect(await beside).toBe('"at last"');
  });
});

describe('a body that takes memory without end', { timeout: TIMEOUT_MS }, () => {
  test('fails with MEMORY_LIMIT, whether it pauses or not', async () => {
    const bodies = {
      bytes: 'const all = []; for (;;) all.push(new Uint8Array(2e7).fill(1))',
      pausing: 'const all = []; for (;;) { all.push(new Uint8Array(2e7).fill(1)); await new Promise((r) => setTimeout(r, 1)) }',
      texts:
        'const all = []; for (let i = 0; ; i++) all.push(String.fromCharCode(65 + (i % 26)).repeat(1e7) + i, new Float64Array(1e6).fill(i))',
    };
    expect(await endOf(each(bodies, 'timeout: 60s'))).toEqual({ bytes: 'MEMORY_LIMIT', pausing: 'MEMORY_LIMIT', texts: 'MEMORY_LIMIT' });
  });
});

describe('agents that together give more than there is memory for', { timeout: TIMEOUT_MS }, () => {
  const call = (name: string): string => `{ name: ${name}, operation: code, config: { code: "return 'x'.repeat(8 * 1024 * 1024 - 10)" } }`;
  const items = `\${Array.from({ length: 40 })}`;

  test('end as any others, where nothing keeps what each of them gave', async () => {
    const steps = `[${call('big')}, { name: length, operation: transform, config: { value: "\${big.output.length}" } }]`;
    const text = `ensemble: some\nagents:\n  - { name: all, type: foreach, items: "${items}", steps: ${steps} }\noutput: "\${all.output.length}"\n`;
    const events = await run(text);
    expect(events.at(-1)).toMatchObject({ status: 'succeeded', output: 40 });
    expect(events.filter(({ type }) => type === 'run.resumed')).toEqual([]);
  });

  test('fail in order, where it is kept', async () => {
    const loop = call('big').replace('operation', `loop: { items: "${items}" }, operation`);
    const list = `ensemble: some\nagents:\n  - ${loop}\n`;
    const sequence = `ensemble: some\nagents:\n${Array.from({ length: 9 }, (_, n) => `  - ${call(`big${n}`)}\n`).join('')}`;
    for (const text of [list, sequence]) expect(await endOf(text)).toBe('OUTPUT_TOO_LARGE');
  });
});

describe('a body that never ends without computing', () => {
  test('fails at once without a timeout, and with TIMEOUT when it has one', async () => {
    const bodies = { never: 'await new Promise(() => {})' };
    expect(await endOf(each(bodies, 'description: none'))).toEqual({ never: 'CODE_ERROR' });
    expect(await endOf(each({ ...bodies, timer: 'await new Promise((r) => setTimeout(r, 60000))' }, 'timeout: 100ms'))).toEqual({
      never: 'TIMEOUT',
      timer: 'TIMEOUT',
    });
  });
});

describe('a body that hands on without end', () => {
  test('fails, unless it is only left behind', async () => {
    const bodies = {
      output: 'return "x".repeat(1e8)',
      thrown: 'throw new Error("x".repeat(1e8))',
      deep: 'let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a',
      recursion: 'const f = () => f() + 1; return f()',
      timers: 'for (let i = 0; i < 5000; i++) setTimeout(() => { for (let j = 0; j < 1e4; j++); }, 1); return 1',
      promises: 'for (let i = 0; i < 1e5; i++) Promise.resolve(i).then((x) => x + 1); return 1',
    };
    expect(await endOf(each(bodies, 'timeout: 30s'))).toEqual({
      output: 'OUTPUT_TOO_LARGE',
      thrown: 'CODE_ERROR',
      deep: 'CODE_OUTPUT',
      recursion: 'CODE_ERROR',
    });
  });

  test('a million lines are journalled as far as they are kept', async () => {
    const events = await run(
      'ensemble: logs\nagents:\n  - { name: a, operation: code, config: { code: "for (let i = 0; i < 1e6; i++) console.log(i); return 1" } }\n',
    );
    const logs = events.filter(({ type }) => type === 'log');
    expect(logs).toHaveLength(10_001);
    expect(logs.at(-1)).toMatchObject({ level: 'warn', message: '… and 990000 more lines that were not kept' });
    expect(events.at(-1)).toMatchObject({ status: 'succeeded', output: 1 });
  });
});
