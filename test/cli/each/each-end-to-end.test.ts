import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../../support/run-cli.ts';

const bin = fileURLToPath(new URL('../../../bin/ensemble.js', import.meta.url));

const FETCH = `ensemble: fetch
input: { id: { type: integer, required: true } }
agents:
  - { name: call, operation: http, config: { url: "\${env.SERVER}/\${input.id}" } }
output: \${call.output}
`;

let root: string;
const cleanups: (() => void)[] = [];
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'ensemble-each-e2e-')));
  mkdirSync(join(root, 'ensembles'));
  writeFileSync(join(root, 'package.json'), '{}');
  writeFileSync(join(root, 'ensembles/fetch.yaml'), FETCH);
});
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
  rmSync(root, { recursive: true, force: true });
});

/** A server that answers with the number in the path; what `hold` says is never answered. */
async function serve(hold: (id: number) => boolean, held: () => void) {
  const asked: number[] = [];
  const server = createServer(({ url }, response) => {
    const id = Number(url?.slice(1));
    asked.push(id);
    if (hold(id)) held();
    else if (id === 3) response.writeHead(404).end('{}');
    else response.setHeader('content-type', 'application/json').end(String(id));
  });
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('a batch whose process is killed goes on where it was: no row that succeeded runs again', async () => {
  const ids = Array.from({ length: 12 }, (_, index) => index + 1);
  writeFileSync(join(root, 'rows.jsonl'), ids.map((id) => `{"id":${id}}\n`).join(''));
  const stuck = Promise.withResolvers<void>();
  let first = true;
  const { asked, url } = await serve((id) => first && id === 9, stuck.resolve);
  const args = ['run', 'fetch', '--each', 'rows.jsonl', '--concurrency', '1', '--var', `SERVER=${url}`];
  const killed = spawn(process.execPath, [bin, ...args], { cwd: root, stdio: 'ignore' });
  cleanups.push(() => killed.kill('SIGKILL'));
  const ended = new Promise((resolve) => killed.once('close', resolve));
  await stuck.promise;
  killed.kill('SIGKILL');
  await ended;
  first = false;
  const again = await runCli(args, { cwd: root });
  expect(again.code).toBe(3);
  expect(again.stderr).toContain('✗ line 3  HTTP_STATUS: ');
  expect(again.stderr).toContain('4 rows done · 1 failed · 7 done before');
  expect(asked.filter((id) => id !== 3 && id !== 9)).toEqual(ids.filter((id) => id !== 3 && id !== 9));
  const results = readFileSync(join(root, 'rows.results.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(results.map(({ line }) => line).toSorted((a, b) => a - b)).toEqual(ids);
  expect(results.filter(({ status }) => status === 'succeeded').every(({ line, output }) => line === output)).toBe(true);
});
