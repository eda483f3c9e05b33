import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConnectionLost } from '../../../src/node/host-error.ts';
import type { CreateGuard, GuardedRuntime } from '../../../src/node/host-process/runtime-guard.ts';
import { RuntimeSupervisor } from '../../../src/node/host-process/runtime-supervisor.ts';
import { processIdentity } from '../../../src/node/lock/process-identity.ts';

let folder: string;
let supervisor: RuntimeSupervisor | undefined;
let starts: number[] = [];
let recovered = Promise.withResolvers<void>();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ensemble-supervisor-'));
  starts = [];
  recovered = Promise.withResolvers<void>();
});
afterEach(async () => {
  await supervisor?.close();
  supervisor = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const WORKER = `
export class RunObject {}
export class StateObject {}
export class RunIndex {}
export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === '/hang') await new Promise((resolve) => setTimeout(resolve, 60_000));
    if (pathname === '/spin') for (;;);
    if (pathname === '/say') console.log('said from inside');
    return new Response(env.ENSEMBLE_VERDICTS ?? 'none');
  },
};`;

async function open(...guards: CreateGuard[]): Promise<RuntimeSupervisor> {
  supervisor = await RuntimeSupervisor.open({
    worker: {
      name: 'test',
      dataFolder: folder,
      modules: [{ type: 'ESModule', name: 'index.js', contents: WORKER }],
      workflows: false,
      storage: { kv: [], d1: [], r2: [] },
      vars: {},
      secrets: {},
      hostToken: 'token',
      mark: folder,
      variables: {},
    },
    guards,
    onStart: (pid) => starts.push(pid),
    onRecovered: () => recovered.resolve(),
    onGivenUp: () => {},
    log: () => {},
  });
  return supervisor;
}

const ask = async (route: string) => (await supervisor?.fetch(route, { method: 'GET', headers: {} }))?.text();

test('a workerd that is killed is replaced once, and what was on its way fails as lost', async () => {
  await open();
  const hanging = ask('/hang').catch((error: unknown) => error);
  await ask('/');
  process.kill(starts[0] ?? 0, 'SIGKILL');
  expect(await hanging).toBeInstanceOf(ConnectionLost);
  await recovered.promise;
  expect(await ask('/')).toBe('none');
  expect(starts.length).toBe(2);
  expect(starts.map((pid) => processIdentity(pid) !== undefined)).toEqual([false, true]);
});

test('a guard hears what workerd says, ends it, and has its say in the variables of the next', async () => {
  const seen: string[] = [];
  const said = Promise.withResolvers<void>();
  let runtime: GuardedRuntime | undefined;
  const guard: CreateGuard = (guarded) => {
    runtime = guarded;
    return {
      onRuntimeLine(line) {
        if (!line.includes('said from inside')) return false;
        said.resolve();
        return true;
      },
      onStart: () => seen.push('start'),
      onExit: () => seen.push('exit'),
      variables: () => (seen.includes('exit') ? { ENSEMBLE_VERDICTS: 'a verdict' } : {}),
    };
  };
  const opened = await open(guard);
  expect(await ask('/say')).toBe('none');
  await said.promise;
  expect(opened.runtimeLines.filter((line) => line.includes('said from inside'))).toEqual([]);
  expect(await runtime?.ping(5_000)).toBe(true);
  const spinning = ask('/spin').catch(() => 'lost');
  while (await runtime?.ping(50));
  runtime?.kill('it spins');
  expect(await spinning).toBe('lost');
  await recovered.promise;
  expect(await ask('/')).toBe('a verdict');
  expect(seen).toEqual(['start', 'exit', 'start']);
});

test('a restart with other options leaves nothing of the old workerd', async () => {
  const opened = await open();
  await opened.restart({ variables: { ENSEMBLE_VERDICTS: 'given' } });
  expect(await ask('/')).toBe('given');
  expect(starts.map((pid) => processIdentity(pid) !== undefined)).toEqual([false, true]);
});

test('requests that come while another workerd is being started wait for it', async () => {
  const opened = await open();
  const restarted = opened.restart();
  expect(await Promise.all([ask('/'), ask('/')])).toEqual(['none', 'none']);
  await restarted;
});
