import { describe, expect, test } from 'vitest';
import { parseApiKeys } from '../../../src/program/api-keys.ts';
import { sha256 } from '../../../src/program/hash.ts';
import { runMain } from '../support/run-main.ts';

const create = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await runMain(['keys', 'create', ...args, '--json']);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as { key: string; entry: Readonly<Record<string, unknown>> };
};

describe('ensemble keys create', () => {
  test('prints a key and an entry that knows it by its SHA-256 alone', async () => {
    const { key, entry } = await create('ci', '--scope', 'runs:start, runs:read', '--scope', 'runs:read');
    expect(key).toMatch(/^ens_[\w-]{43}$/);
    expect(entry).toEqual({ name: 'ci', sha256: await sha256(key), scopes: ['runs:start', 'runs:read'] });
    expect(parseApiKeys(JSON.stringify([entry])).type).toBe('keys');
  });

  test('makes another key each time, for some ensembles only where they are named', async () => {
    const [a, b] = await Promise.all([create('a', '--scope', '*', '--ensemble', 'x', '--ensemble', 'y/z'), create('a', '--scope', '*')]);
    expect(a.key).not.toBe(b.key);
    expect([a.entry.ensembles, b.entry.ensembles]).toEqual([['x', 'y/z'], undefined]);
  });

  test('shows both to a person, and what to do with them', async () => {
    const { stdout } = await runMain(['keys', 'create', 'ci', '--scope', '*']);
    expect(stdout).toMatch(/^ {2}ens_[\w-]{43}$/m);
    expect(stdout).toMatch(/^ {2}\{"name":"ci","sha256":"[0-9a-f]{64}","scopes":\["\*"\]\}$/m);
    expect(stdout).toContain('wrangler secret put ENSEMBLE_API_KEYS');
  });

  test.each([
    [['a b', '--scope', '*'], 'is no name for a key'],
    [['', '--scope', '*'], 'is no name for a key'],
    [['ci', '--scope', 'run:start'], 'there is no scope "run:start"; did you mean runs:start?'],
    [['ci', '--scope', ''], 'there is no scope ""; there are *, runs:start'],
    [['ci'], "required option '--scope <scopes>'"],
  ])('%j is a wrong command line', async (args, message) => {
    const { code, stdout, stderr } = await runMain(['keys', 'create', ...args]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });
});
