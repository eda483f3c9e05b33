import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../../support/run-cli.ts';

const wrangler = join(createRequire(import.meta.url).resolve('wrangler/package.json'), '..', 'bin', 'wrangler.js');
let root: string;

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'ensemble-shared-')));
  mkdirSync(join(root, 'ensembles'));
  mkdirSync(join(root, 'migrations'));
  writeFileSync(
    join(root, 'wrangler.jsonc'),
    JSON.stringify({
      name: 'shared',
      compatibility_date: '2026-07-01',
      kv_namespaces: [{ binding: 'STORE', id: 'store-id' }],
      d1_databases: [{ binding: 'APP', database_name: 'app', database_id: 'app-id', migrations_dir: 'migrations' }],
    }),
  );
  writeFileSync(join(root, 'migrations/0001_users.sql'), 'CREATE TABLE users(name TEXT);');
  writeFileSync(
    join(root, 'ensembles/both.yaml'),
    `ensemble: both
agents:
  - name: seen
    operation: storage
    config: { type: kv, action: get, key: from-wrangler }
  - name: put
    operation: storage
    config: { type: kv, action: put, key: from-ensemble, value: "hello" }
  - name: insert
    operation: storage
    config: { type: d1, query: "INSERT INTO users VALUES ('ada')" }
output: \${seen.output.value}
`,
  );
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function callWrangler(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [wrangler, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, CI: '1', WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1' },
  });
  if (status !== 0) throw new Error(stdout + stderr);
  return stdout;
}

describe('the local data', () => {
  test('is the same that `wrangler --local` reads and writes: KV, D1 and which migrations are applied', async () => {
    callWrangler('kv', 'key', 'put', 'from-wrangler', 'hi', '--binding', 'STORE', '--local', '--preview', 'false');
    const run = await runCli(['run', 'both', '--quiet'], { cwd: root });
    expect(run).toEqual({ code: 0, signal: null, stdout: 'hi\n', stderr: '' });
    expect(callWrangler('kv', 'key', 'get', 'from-ensemble', '--binding', 'STORE', '--local', '--preview', 'false')).toBe('hello');
    const rows = JSON.parse(callWrangler('d1', 'execute', 'APP', '--local', '--json', '--command', 'SELECT name FROM users'));
    expect(rows[0].results).toEqual([{ name: 'ada' }]);
    expect(callWrangler('d1', 'migrations', 'list', 'APP', '--local')).toContain('No migrations to apply');
    // Four starts of wrangler, 2 s each on a free machine.
  }, 120_000);
});
