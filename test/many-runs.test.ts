import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestServer, sendJson, type TestServer } from './support/http-server.ts';
import { type CliResult, runCli, SHARED_HOST } from './support/run-cli.ts';
import { stopHostOf } from './support/stop-host.ts';
import { type WrittenProject, writeProject } from './support/written-project.ts';

/*
 * Twenty commands on one scope of one data folder, none of which writes before all have read: whatever can be lost between reading and writing would be.
 */

const RUNS = 20;

const ensemble = (name: string, backend: string, onConflict: string): string => `ensemble: ${name}
input: { i: { type: integer, required: true } }
state:
  backend: ${backend}
  key: ${name}
  on_conflict: ${onConflict}
  schema:
    items: { type: array, default: [], reducer: append }
    count: { type: number, default: 0, reducer: add }
agents:
  - { name: together, operation: http, timeout: 5m, config: { url: "\${env.SERVER}/${name}" } }
  - { name: add, operation: transform, config: { value: 1 }, state: { set: { items: "\${input.i}", count: "\${add.output}" } } }
`;

const read = (name: string, backend: string): string => `ensemble: read-${name}
state: { backend: ${backend}, key: ${name} }
agents:
  - { name: all, operation: transform, config: { value: "\${state}" }, state: { use: [state] } }
`;

let project: WrittenProject;
let server: TestServer;

beforeAll(async () => {
  const files = ['d1', 'durable-object'].flatMap((backend) =>
    ['merge', 'fail'].flatMap((onConflict) => {
      const name = `${onConflict}-${backend}`;
      return [
        [`ensembles/${name}.yaml`, ensemble(name, backend, onConflict)],
        [`ensembles/read-${name}.yaml`, read(name, backend)],
      ];
    }),
  );
  project = writeProject({ 'package.json': '{}', ...Object.fromEntries(files) });
  const waiting = new Map<string, (() => void)[]>();
  // Nobody is answered before all have asked.
  server = await openTestServer((request, response) => {
    const asked = waiting.get(request.url) ?? [];
    waiting.set(request.url, asked);
    asked.push(() => sendJson(response, {}));
    if (asked.length === RUNS) for (const answer of asked) answer();
  });
});

afterAll(async () => {
  await stopHostOf(project.root);
  await server[Symbol.asyncDispose]();
  project[Symbol.dispose]();
});

function runAll(name: string): Promise<readonly CliResult[]> {
  const numbers = Array.from({ length: RUNS }, (_, i) => i);
  return Promise.all(
    numbers.map((i) =>
      runCli(['run', name, `i=${i}`, '--quiet', '--var', `SERVER=${server.origin}`], { cwd: project.root, env: SHARED_HOST }),
    ),
  );
}

async function stateOf(name: string): Promise<unknown> {
  return JSON.parse((await runCli(['run', `read-${name}`, '--quiet'], { cwd: project.root, env: SHARED_HOST })).stdout);
}

describe.each(['d1', 'durable-object'])(`${RUNS} runs at once on one scope in %s`, (backend) => {
  test('lose nothing where they merge', async () => {
    const results = await runAll(`merge-${backend}`);
    expect(results.filter(({ code }) => code !== 0)).toEqual([]);
    const state = (await stateOf(`merge-${backend}`)) as { readonly items: number[]; readonly count: number };
    expect(state.count).toBe(RUNS);
    expect(state.items.toSorted((a, b) => a - b)).toEqual(Array.from({ length: RUNS }, (_, i) => i));
  }, 300_000);

  test('fail cleanly where a conflict is a failure, all but one', async () => {
    const results = await runAll(`fail-${backend}`);
    const failed = results.filter(({ code }) => code !== 0);
    expect(failed).toHaveLength(RUNS - 1);
    for (const { code, stderr } of failed) {
      expect(code).toBe(3);
      expect(stderr).toContain('error[STATE_CONFLICT]');
    }
    const winner = results.findIndex(({ code }) => code === 0);
    expect(await stateOf(`fail-${backend}`)).toEqual({ items: [winner], count: 1 });
  }, 300_000);
});
