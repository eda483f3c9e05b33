import { EventEmitter } from 'node:events';
import { beforeEach, expect, test, vi } from 'vitest';
import { runWrangler } from '../../../src/node/deploy/run-wrangler.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const listened = () => SIGNALS.map((signal) => process.listenerCount(signal));

const spawned = vi.hoisted(() => ({ start: (): unknown => undefined }));
vi.mock('node:child_process', () => ({ spawn: () => spawned.start() }));

class FakeChild extends EventEmitter {
  readonly got: string[] = [];

  kill(signal: string): void {
    this.got.push(signal);
  }
}

const run = () => runWrangler({ wrangler: { command: 'wrangler', version: '4.0.0' }, args: ['deploy'], cwd: '/', env: {} });

let before: readonly number[];
beforeEach(() => {
  before = listened();
});

test('a signal that comes while wrangler is being started is handed on too, and nobody listens once it has ended', async () => {
  const child = new FakeChild();
  let atStart: readonly number[] = [];
  spawned.start = () => {
    atStart = listened();
    return child;
  };
  const ended = run();
  expect(atStart).toEqual(before.map((count) => count + 1));
  process.emit('SIGTERM', 'SIGTERM');
  expect(child.got).toEqual(['SIGTERM']);
  child.emit('close', null, 'SIGTERM');
  expect(await ended).toBe(143);
  expect(listened()).toEqual(before);
});

test('nobody listens when it could not be started', async () => {
  const child = new FakeChild();
  spawned.start = () => child;
  const ended = run();
  child.emit('error', new Error('no such file'));
  await expect(ended).rejects.toThrow('no such file');
  spawned.start = () => {
    throw new Error('too long');
  };
  await expect(run()).rejects.toThrow('too long');
  expect(listened()).toEqual(before);
});
