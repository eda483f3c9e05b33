import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readTarget } from '../../../src/cli/remote/read-target.ts';
import { UsageProblem } from '../../../src/cli/usage-problem.ts';
import { createFakeIo } from '../support/fake-io.ts';

const KEY = 'the-key-in-the-environment';
const io = (env: Readonly<Record<string, string>> = {}) => createFakeIo({ cwd: folder, env: { ENSEMBLE_API_KEY: KEY, ...env } });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ensemble-key-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the Worker that a command line means', () => {
  test('is none unless one is named', () => {
    expect(readTarget({}, io())).toBeUndefined();
    expect(readTarget({}, io({ ENSEMBLE_REMOTE: '' }))).toBeUndefined();
  });

  test.each([
    ['https://Shop.Example.workers.dev', 'https://shop.example.workers.dev'],
    ['https://shop.example:8443/', 'https://shop.example:8443'],
    ['http://localhost:8787', 'http://localhost:8787'],
    ['http://127.1:8787', 'http://127.0.0.1:8787'],
    ['http://dev.localhost', 'http://dev.localhost'],
    ['http://[::1]:8787', 'http://[::1]:8787'],
  ])('is %s, by its origin', (remote, origin) => {
    expect(readTarget({ remote }, io())).toEqual({ origin, key: KEY, flags: `--remote ${origin}` });
    expect(readTarget({}, io({ ENSEMBLE_REMOTE: remote }))).toEqual({ origin, key: KEY });
  });

  test('is that of the command line, where the environment names another', () => {
    expect(readTarget({ remote: 'https://a.example' }, io({ ENSEMBLE_REMOTE: 'https://b.example' }))?.origin).toBe('https://a.example');
  });

  test.each([
    ['', 'takes the address of a Worker'],
    ['shop.example', 'takes the address of a Worker'],
    ['ftp://shop.example', 'takes the address of a Worker'],
    ['https://', 'takes the address of a Worker'],
    ['https://ann:pw@shop.example', 'without a user'],
    ['https://shop.example/api/v1', 'without a path; that is https://shop.example'],
    ['https://shop.example?x', 'without a path'],
    ['http://shop.example', 'is not https'],
    ['http://localhost.example', 'is not https'],
    ['http://127.0.0.1.example', 'is not https'],
    ['http://10.0.0.1', 'is not https'],
  ])('cannot be "%s"', (remote, message) => {
    const read = () => readTarget({ remote }, io());
    expect(read).toThrow(UsageProblem);
    expect(read).toThrow(message);
  });

  test('is reached without https where that is said', () => {
    expect(readTarget({ remote: 'http://10.0.0.1' }, io({ ENSEMBLE_PLAIN_HTTP: '1' }))?.origin).toBe('http://10.0.0.1');
  });
});

describe('its key', () => {
  const remote = 'https://shop.example';

  test('is that of a file where one is named, without the line end', () => {
    writeFileSync(join(folder, 'key'), 'the-key-of-the-file\n');
    expect(readTarget({ remote, keyFile: 'key' }, io())?.key).toBe('the-key-of-the-file');
  });

  test('stands in the command lines that messages show as a file, when it was one', () => {
    writeFileSync(join(folder, "ann's key"), 'the-key-of-the-file');
    expect(readTarget({ remote, keyFile: "ann's key" }, io())?.flags).toBe(`--remote ${remote} --key-file 'ann'\\''s key'`);
  });

  test.each([
    [{}, {}, 'a deployed Worker wants a key: put it into ENSEMBLE_API_KEY, or into a file that --key-file names'],
    [{ ENSEMBLE_API_KEY: '  ' }, {}, 'ENSEMBLE_API_KEY holds no key'],
    [{ ENSEMBLE_API_KEY: 'two words' }, {}, 'ENSEMBLE_API_KEY holds something that is no key'],
    [{ ENSEMBLE_API_KEY: 'ключ' }, {}, 'holds something that is no key'],
    [{}, { keyFile: 'nowhere' }, '--key-file nowhere cannot be read'],
  ])('has to be there: %j %j', (env, options, message) => {
    const read = () => readTarget({ remote, ...options }, createFakeIo({ cwd: folder, env }));
    expect(read).toThrow(UsageProblem);
    expect(read).toThrow(message);
  });

  test('is not shown by a message', () => {
    expect(() => readTarget({ remote }, io({ ENSEMBLE_API_KEY: 'my secret key' }))).toThrow(/^(?!.*secret).*$/s);
  });

  test('of a file wants a Worker', () => {
    expect(() => readTarget({ keyFile: 'key' }, io())).toThrow('--key-file needs --remote');
  });
});
