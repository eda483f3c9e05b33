import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { acquireDataFolderLock, type LockOwner } from '../../src/node/lock/data-folder-lock.ts';
import { machineIdentity, processIdentity } from '../../src/node/lock/process-identity.ts';

const holderScript = fileURLToPath(new URL('./fixtures/hold-lock.ts', import.meta.url));
const children: ChildProcess[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ensemble-lock-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null && child.signalCode === null) await kill(child);
  rmSync(folder, { recursive: true, force: true });
});

function start(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [holderScript, folder, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  return child;
}
function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.stdout?.setEncoding('utf8').once('data', (text: string) => resolve(text.split('\n')[0] ?? ''));
  });
}
function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once('exit', resolve);
  });
}
async function kill(child: ChildProcess): Promise<void> {
  const gone = ended(child);
  child.kill('SIGKILL');
  await gone;
}
const lockFolder = () => join(folder, 'ensemble-lock');
const writeOwner = (generation: number, owner: object | string) =>
  writeFileSync(join(lockFolder(), String(generation)), typeof owner === 'string' ? owner : JSON.stringify(owner));

describe('acquireDataFolderLock', () => {
  test('a free folder is had at once and without a word', async () => {
    let waited = false;
    const lock = await acquireDataFolderLock(folder, { onWait: () => (waited = true) });
    lock.release();
    expect(waited).toBe(false);
  });

  test('a second one waits, says once for whom, and goes on when the first releases', async () => {
    const first = await acquireDataFolderLock(folder);
    const owners: LockOwner[] = [];
    const order: string[] = [];
    const second = new Promise<void>((resolve, reject) => {
      acquireDataFolderLock(folder, {
        onWait: (owner) => {
          owners.push(owner);
          order.push('first releases');
          first.release();
        },
      }).then((lock) => {
        order.push('second holds');
        lock.release();
        resolve();
      }, reject);
    });
    await second;
    expect(owners.map((owner) => owner.pid)).toEqual([process.pid]);
    expect(order).toEqual(['first releases', 'second holds']);
  });

  test('processes that all want it at once never hold it together', async () => {
    const counter = join(folder, 'counter');
    writeFileSync(counter, '0');
    const rounds = 25;
    const processes = Array.from({ length: 4 }, () => start('count', counter, String(rounds)));
    expect(await Promise.all(processes.map(ended))).toEqual([0, 0, 0, 0]);
    expect(readFileSync(counter, 'utf8')).toBe(String(4 * rounds));
  });

  test('processes that take over from a killed one at once never hold it together', async () => {
    const counter = join(folder, 'counter');
    writeFileSync(counter, '0');
    const holder = start('hold');
    await firstLine(holder);
    const processes = Array.from({ length: 4 }, () => start('count', counter, '5'));
    await Promise.all(processes.map(firstLine));
    await kill(holder);
    expect(await Promise.all(processes.map(ended))).toEqual([0, 0, 0, 0]);
    expect(readFileSync(counter, 'utf8')).toBe('20');
  });

  test('the workerd that a killed holder left behind is ended before the next one holds', async () => {
    const holder = start('hold-with-child');
    const orphan = Number(await firstLine(holder));
    await kill(holder);
    expect(processIdentity(orphan)).toBeDefined();
    const endedPids: number[] = [];
    const lock = await acquireDataFolderLock(folder, { onOrphanEnded: (pid) => endedPids.push(pid) });
    expect(endedPids).toEqual([orphan]);
    expect(processIdentity(orphan)).toBeUndefined();
    lock.release();
  });

  test('a process that merely got the pid of that workerd is left alone', async () => {
    (await acquireDataFolderLock(folder)).release();
    const bystander = start('hold-nothing');
    await firstLine(bystander);
    const machine = machineIdentity();
    writeOwner(7, { pid: 2 ** 22 + 1, started: '1', machine, workerd: { pid: bystander.pid, started: 'another time' } });
    const lock = await acquireDataFolderLock(folder);
    expect(processIdentity(bystander.pid ?? 0)).toBeDefined();
    lock.release();
  });

  const dead = (workerd: unknown) => ({ pid: 2 ** 22 + 1, started: '1', machine: machineIdentity(), workerd });
  // `kill` takes 0 and what is below for groups of processes, -1 for every one that this user may end.
  test.each([
    { pid: -1 },
    { pid: 0 },
    { pid: -1, started: '1' },
    { pid: 1.5, started: '1' },
    { pid: String(process.pid), started: '1' },
    { pid: 2 ** 22 + 1 },
  ])('a workerd recorded as %j ends nothing', async (workerd) => {
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    (await acquireDataFolderLock(folder)).release();
    writeOwner(7, dead(workerd));
    (await acquireDataFolderLock(folder)).release();
    expect(kill.mock.calls).toEqual([]);
    kill.mockRestore();
  });

  test.skipIf(process.platform === 'win32')('a file that others may write, or a link, ends nothing', async () => {
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    const bystander = start('hold-nothing');
    await firstLine(bystander);
    const owner = dead({ pid: bystander.pid, started: processIdentity(bystander.pid ?? 0) });
    (await acquireDataFolderLock(folder)).release();
    writeOwner(7, owner);
    chmodSync(join(lockFolder(), '7'), 0o646);
    (await acquireDataFolderLock(folder)).release();
    writeFileSync(join(folder, 'elsewhere'), JSON.stringify(owner));
    symlinkSync(join(folder, 'elsewhere'), join(lockFolder(), '20'));
    (await acquireDataFolderLock(folder)).release();
    expect(kill.mock.calls).toEqual([]);
    kill.mockRestore();
  });

  test.runIf(process.getuid?.() === 0)("another user's file does not end a process of this one", async () => {
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    const bystander = start('hold-nothing');
    await firstLine(bystander);
    (await acquireDataFolderLock(folder)).release();
    writeOwner(7, dead({ pid: bystander.pid, started: processIdentity(bystander.pid ?? 0) }));
    chownSync(join(lockFolder(), '7'), 65_534, 65_534);
    (await acquireDataFolderLock(folder)).release();
    expect(kill.mock.calls).toEqual([]);
    kill.mockRestore();
  });

  test('what somebody else put into the folder neither holds for ever nor is removed', async () => {
    (await acquireDataFolderLock(folder)).release();
    const others = ['0', '1'.repeat(25), '2024 report', '3.txt', 'null'];
    for (const name of others) writeFileSync(join(lockFolder(), name), 'null');
    utimesSync(join(lockFolder(), '0'), 1_000, 1_000);
    (await acquireDataFolderLock(folder)).release();
    expect(readdirSync(lockFolder()).sort()).toEqual([...others.slice(1), '2'].sort());
  });

  test('its file is for its owner alone to write, whatever the umask is', async () => {
    const before = process.umask(0);
    const lock = await acquireDataFolderLock(folder);
    lock.recordWorkerd(process.pid);
    process.umask(before);
    expect((statSync(join(lockFolder(), '1')).mode & 0o777).toString(8)).toBe('644');
    lock.release();
  });

  test('a process that merely got the pid of a dead holder does not hold', async () => {
    (await acquireDataFolderLock(folder)).release();
    writeOwner(7, { pid: process.pid, started: 'another time', machine: machineIdentity() });
    (await acquireDataFolderLock(folder)).release();
    expect(readdirSync(lockFolder())).toEqual(['8']);
  });

  test('a file whose writer died over it does not hold for ever', async () => {
    (await acquireDataFolderLock(folder)).release();
    writeOwner(7, '{"pid":');
    const { utimesSync } = await import('node:fs');
    utimesSync(join(lockFolder(), '7'), 1_000, 1_000);
    (await acquireDataFolderLock(folder)).release();
    expect(readdirSync(lockFolder())).toEqual(['8']);
  });

  test('an owner on another machine holds while it touches its file', async () => {
    (await acquireDataFolderLock(folder)).release();
    writeOwner(7, { pid: process.pid, started: 'x', machine: 'elsewhere' });
    const giveUp = new AbortController();
    const attempt = acquireDataFolderLock(folder, { signal: giveUp.signal, onWait: () => giveUp.abort(new Error('held')) });
    await expect(attempt).rejects.toThrow('held');
    const { utimesSync } = await import('node:fs');
    utimesSync(join(lockFolder(), '7'), 1_000, 1_000);
    (await acquireDataFolderLock(folder)).release();
  });
});
