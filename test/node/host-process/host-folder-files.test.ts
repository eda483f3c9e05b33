import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
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
    // A name has 30 bytes, the folder's own part 12 and the slashes: the path may have 100.
    const base = (bytes: number) =>
      join(folder, 'x'.repeat(bytes - Buffer.byteLength(join(folder, `/ensemble-${process.getuid?.()}/${'n'.repeat(30)}`)) - 1));
    for (const [bytes, isTaken] of [
      [100, true],
      [101, false],
    ] as const) {
      process.env.XDG_RUNTIME_DIR = base(bytes);
      mkdirSync(base(bytes), { recursive: true });
      const path = choose();
      expect([path.startsWith(base(bytes)), Buffer.byteLength(path) <= 100]).toEqual([isTaken, true]);
    }
  });
});

describe('the record of a host', () => {
  const record = (): HostRecord => ({
    ...{ pid: 1, started_at: 2, version: '1', config: 'c', token: 't' },
    socket: join(own(), '0123456789abcdef-01234567.sock'),
  });
  let server: Server;
  const listenAt = async (path: string): Promise<Server> => {
    const listening = createServer().listen(path);
    await once(listening, 'listening');
    chmodSync(path, 0o600);
    return listening;
  };
  beforeEach(async () => {
    mkdirSync(own(), { mode: 0o700 });
    server = await listenAt(record().socket);
  });
  afterEach(() => void server.close());

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

  test("is not believed when its socket is another program's, open to others, a link, no socket, or gone", async () => {
    const { socket } = record();
    const agent = join(own(), 'S.gpg-agent');
    const others = await listenAt(agent);
    writeHostRecord(folder, { ...record(), socket: agent });
    expect(readHostRecord(folder)).toBeUndefined();
    writeHostRecord(folder, record());
    chmodSync(socket, 0o660);
    expect(readHostRecord(folder)).toBeUndefined();
    rmSync(socket);
    expect(readHostRecord(folder)).toBeUndefined();
    symlinkSync(agent, socket);
    expect(readHostRecord(folder)).toBeUndefined();
    rmSync(socket);
    writeFileSync(socket, '', { mode: 0o600 });
    expect(readHostRecord(folder)).toBeUndefined();
    others.close();
  });

  test.each(['', '[]', 'null', '{"pid":1}', '{"pid":-1,"started_at":0,"socket":7,"version":"","config":"","token":""}'])(
    '%j is as nothing',
    (text) => {
      writeFileSync(join(folder, 'host.json'), text, { mode: 0o600 });
      expect(readHostRecord(folder)).toBeUndefined();
    },
  );

  test.runIf(process.getuid?.() === 0)('is not believed when another user wrote it, or owns the folder of its socket', () => {
    writeHostRecord(folder, record());
    chownSync(join(folder, 'host.json'), 65_534, 65_534);
    expect(readHostRecord(folder)).toBeUndefined();
    writeHostRecord(folder, record());
    chownSync(own(), 65_534, 65_534);
    expect(readHostRecord(folder)).toBeUndefined();
    expect(dirname(choose())).not.toBe(own());
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
    writeFileSync(join(folder, 'seal-key'), 'short', { mode: 0o600 });
    expect(readSealKey(folder)).toBeUndefined();
  });

  test('gives none that others can read, or a link leads to: they may have put it there', () => {
    const text = Buffer.alloc(32).toString('base64');
    const file = join(folder, 'seal-key');
    writeFileSync(file, text, { mode: 0o600 });
    expect(readSealKey(folder)).toBe(text);
    chmodSync(file, 0o604);
    expect(readSealKey(folder)).toBeUndefined();
    rmSync(file);
    writeFileSync(join(folder, 'elsewhere'), text, { mode: 0o600 });
    symlinkSync(join(folder, 'elsewhere'), file);
    expect(readSealKey(folder)).toBeUndefined();
  });

  test('is readable for its owner alone whatever the umask is', () => {
    const before = process.umask(0);
    readSealKey(join(folder, 'host'));
    process.umask(before);
    expect((statSync(join(folder, 'host/seal-key')).mode & 0o777).toString(8)).toBe('600');
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
