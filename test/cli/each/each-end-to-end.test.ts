import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli, SHARED_HOST } from '../../support/run-cli.ts';
import { stopHostOf } from '../../support/stop-host.ts';

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
afterEach(async () => {
  for (const clean of cleanups.splice(0)) clean();
  await stopHostOf(root);
  rmSync(root, { recursive: true, force: true });
});

/** A server that answers with the number in the path; what `hold` says when it is told to. */
async function serve(hold: (id: number) => boolean, held: (answer: () => void) => void) {
  const asked: number[] = [];
  const server = createServer(({ url }, response) => {
    const id = Number(url?.slice(1));
    asked.push(id);
    const answer = () => void response.setHeader('content-type', 'application/json').end(String(id));
    if (hold(id)) held(answer);
    else if (id === 3) response.writeHead(404).end('{}');
    else answer();
  });
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test.each([
  ['a host in each process', { ENSEMBLE_NO_HOST: '1' }],
  ['the host that commands share', SHARED_HOST],
])('a batch whose process is killed goes on where it was, with %s: no row runs twice', async (_name, env) => {
  const ids = Array.from({ length: 12 }, (_, index) => index + 1);
  writeFileSync(join(root, 'rows.jsonl'), ids.map((id) => `{"id":${id}}\n`).join(''));
  const stuck = Promise.withResolvers<() => void>();
  let first = true;
  const { asked, url } = await serve((id) => first && id === 9, stuck.resolve);
  const args = ['run', 'fetch', '--each', 'rows.jsonl', '--concurrency', '1', '--var', `SERVER=${url}`];
  const killed = spawn(process.execPath, [bin, ...args], { cwd: root, stdio: 'ignore', env: { ...process.env, ...env } });
  cleanups.push(() => killed.kill('SIGKILL'));
  const ended = new Promise((resolve) => killed.once('close', resolve));
  const answer = await stuck.promise;
  killed.kill('SIGKILL');
  await ended;
  first = false;
  const next = runCli(args, { cwd: root, env });
  // Its run goes on in the shared host; without one the next process sends the request again.
  answer();
  const again = await next;
  expect(again.code).toBe(3);
  expect(again.stderr).toContain('✗ line 3  HTTP_STATUS: ');
  expect(again.stderr).toContain('4 rows done · 1 failed · 7 done before');
  expect(asked.filter((id) => id !== 3 && id !== 9)).toEqual(ids.filter((id) => id !== 3 && id !== 9));
  // The one row that failed was run again, no other.
  expect(JSON.parse((await runCli(['runs', '--json', '--all'], { cwd: root, env })).stdout)).toHaveLength(13);
  const results = readFileSync(join(root, 'rows.results.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(results.map(({ line }) => line).toSorted((a, b) => a - b)).toEqual(ids);
  expect(results.filter(({ status }) => status === 'succeeded').every(({ line, output }) => line === output)).toBe(true);
});
