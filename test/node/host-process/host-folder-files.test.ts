import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type HostRecord, readHostRecord, removeHostRecord, writeHostRecord } from '../../../src/node/host-process/host-record.ts';
import { forgetNeeds, readRememberedNeeds, rememberNeeds } from '../../../src/node/host-process/remembered-needs.ts';
import { readSealKey } from '../../../src/node/host-process/seal-key.ts';
import { chooseSocketPath } from '../../../src/node/host-process/socket-path.ts';

let folder: string;
const runtimeDir = process.env.XDG_RUNTIME_DIR;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ensemble-files-'));
  process.env.XDG_RUNTIME_DIR = folder;
});
afterEach(() => {
  if (runtimeDir === undefined) delete process.env.XDG_RUNTIME_DIR;
  else process.env.XDG_RUNTIME_DIR = runtimeDir;
  rmSync(folder, { recursive: true, force: true });
});

const own = () => join(folder, `ensemble-${process.getuid?.()}`);
const choose = (name = '/data') => chooseSocketPath(name, join(folder, 'host'));

describe('chooseSocketPath', () => {
  test('gives a name of its own each time, in a folder that nobody else may enter, and removes what was left of the same data folder', () => {
    const first = choose();
    writeFileSync(first, '');
    const other = choose('/other');
    writeFileSync(other, '');
    const second = choose();
    expect(dirname(second)).toBe(own());
    expect(second).not.toBe(first);
    expect((statSync(own()).mode & 0o777).toString(8)).toBe('700');
    expect([existsSync(first), existsSync(other)]).toEqual([false, true]);
  });

  test('goes elsewhere when the folder is open to others, is a link, or has too long a name', () => {
    mkdirSync(own(), { mode: 0o777 });
    chmodSync(own(), 0o777);
    expect(dirname(choose())).not.toBe(own());
    rmSync(own(), { recursive: true });
    mkdirSync(join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere'), own());
    expect(dirname(choose())).not.toBe(own());
    expect(readdirSync(join(folder, 'elsewhere'))).toEqual([]);
    process.env.XDG_RUNTIME_DIR = join(folder, 'long'.repeat(30));
    expect(Buffer.byteLength(choose())).toBeLessThanOrEqual(100);
  });
});

describe('the record of a host', () => {
  const record = (): HostRecord => ({ pid: 1, started_at: 2, socket: join(own(), 'a.sock'), version: '1', config: 'c', token: 't' });
  beforeEach(() => mkdirSync(own(), { mode: 0o700 }));

  test('is read as it was written, and removed by the one who wrote it only', () => {
    writeHostRecord(folder, record());
    expect(readHostRecord(folder)).toEqual(record());
    removeHostRecord(folder, 'of another');
    expect(readHostRecord(folder)).toEqual(record());
    removeHostRecord(folder, 't');
    expect(readHostRecord(folder)).toBeUndefined();
  });

  test('is not believed when others may read it, or could listen at its socket', () => {
    writeHostRecord(folder, record());
    chmodSync(own(), 0o755);
    expect(readHostRecord(folder)).toBeUndefined();
    chmodSync(own(), 0o700);
    chmodSync(join(folder, 'host.json'), 0o640);
    expect(readHostRecord(folder)).toBeUndefined();
  });
});

describe('readSealKey', () => {
  test('makes one key for a folder, which only its owner can read', () => {
    const key = readSealKey(join(folder, 'host'));
    expect(Buffer.from(key ?? '', 'base64')).toHaveLength(32);
    expect(readSealKey(join(folder, 'host'))).toBe(key);
    expect((statSync(join(folder, 'host/seal-key')).mode & 0o777).toString(8)).toBe('600');
    expect(readdirSync(join(folder, 'host'))).toEqual(['seal-key']);
  });

  test('gives none where what is there is none', () => {
    writeFileSync(join(folder, 'seal-key'), 'short');
    expect(readSealKey(folder)).toBeUndefined();
  });
});

describe('remembered needs', () => {
  test('are read once each, until they are forgotten', () => {
    const kv = { kind: 'kv', name: 'A' } as const;
    rememberNeeds(folder, { bindings: [kv, { kind: 'd1' }, kv], lazyModules: true, workflows: true });
    expect(readRememberedNeeds(folder)).toEqual({ bindings: [kv, { kind: 'd1' }], lazyModules: true, workflows: true });
    forgetNeeds(folder);
    expect(readRememberedNeeds(folder)).toBeUndefined();
  });

  test.each(['', '{', '[]', '{"bindings":3}'])('%j is as nothing', (text) => {
    writeFileSync(join(folder, 'needs.json'), text);
    expect(readRememberedNeeds(folder)).toBeUndefined();
  });
});
