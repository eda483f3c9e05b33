import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dataFolderOf } from '../../src/node/data-folder.ts';
import { findProject } from '../../src/node/find-project.ts';
import { hostFolderOf } from '../../src/node/host-process/host-folder.ts';
import { readHostRecord } from '../../src/node/host-process/host-record.ts';
import { openTestServer, sendJson, type TestServer } from '../support/http-server.ts';
import { type CliResult, runCli, SHARED_HOST } from '../support/run-cli.ts';
import { stopHostOf } from '../support/stop-host.ts';
import { type WrittenProject, writeProject } from '../support/written-project.ts';
import { filesIn, formsOf } from './support/secret-forms.ts';

/** With what each of the encodings changes. */
const SECRETS = { API_KEY: `vars!"/+é key-71~z`, MY_TOKEN: `option!"/+é 83-token~z`, KEPT_KEY: `kept!"/+é 97-pin~z` } as const;

const SHOWS = `console.log(env.API_KEY, btoa(encodeURIComponent(env.MY_TOKEN))); console.error({ [env.MY_TOKEN]: [env.API_KEY] });`;
const ECHOES = `{ url: "S/echo?key=\${encodeURIComponent(env.API_KEY)}", headers: { authorization: "Bearer \${encodeURIComponent(env.MY_TOKEN)}" } }`;
const FILES: Readonly<Record<string, string>> = {
  'ensembles/shows.yaml': `ensemble: shows
input: { n: { type: integer, default: 1 } }
state: { schema: { seen: { type: string } } }
agents:
  - { name: says, operation: code, config: { code: "${SHOWS.replaceAll('"', '\\"')} return { key: env.API_KEY, [env.MY_TOKEN]: 1 }" }, state: { set: { seen: "\${env.MY_TOKEN}" } } }
  - { name: fetches, operation: http, config: ${ECHOES} }
  - { name: logs, operation: log, state: { use: [seen] }, config: { message: "\${state.seen} \${env.API_KEY} \${input.n}" } }
output: { said: "\${says.output}", answered: "\${fetches.output}" }
`,
  'ensembles/throws.yaml': `ensemble: throws
agents: [{ name: a, operation: code, retry: { maxAttempts: 2, initialDelay: 1 }, config: { code: "throw new Error(env.API_KEY + env.MY_TOKEN)" } }]
`,
  'ensembles/denied.yaml': `ensemble: denied
agents: [{ name: a, operation: http, config: ${ECHOES.replace('/echo', '/denied')} }]
`,
  'ensembles/holds.yaml': `ensemble: holds
agents:
  - { name: says, operation: code, config: { code: "${SHOWS.replaceAll('"', '\\"')} return [env.MY_TOKEN]" } }
  - { name: holds, operation: wait, config: { for_signal: go } }
  - { name: fetches, operation: http, config: ${ECHOES} }
output: { said: "\${says.output}", answered: "\${fetches.output}" }
`,
  'ensembles/keeps.yaml': `ensemble: keeps
state: { backend: d1, key: kept, schema: { pin: { type: string }, own: { type: string, secret: true } } }
agents: [{ name: a, operation: transform, config: { value: 1 }, state: { set: { pin: "\${env.KEPT_KEY}", own: "\${env.KEPT_KEY}" } } }]
`,
  'rows.jsonl': '{"n":2}\n{"n":3}\n',
};

let project: WrittenProject;
let server: TestServer;
beforeAll(async () => {
  server = await openTestServer((request, response) =>
    // Answers with all that it was sent, as servers that explain an error do.
    sendJson(response, { request }, request.url.startsWith('/echo') ? 200 : 401, { 'x-seen': request.url }),
  );
  const files = Object.entries(FILES).map(([path, text]) => [path, text.replaceAll('S/', `${server.origin}/`)]);
  project = writeProject({ ...Object.fromEntries(files), '.dev.vars': `API_KEY='${SECRETS.API_KEY}'\nKEPT_KEY='${SECRETS.KEPT_KEY}'\n` });
  // What goes there is searched as well.
  mkdirSync(join(project.root, 't'));
});
afterAll(async () => {
  await stopHostOf(project.root);
  project[Symbol.dispose]();
  await server?.[Symbol.asyncDispose]();
});

const shownIn = (bytes: string | Buffer): string[] =>
  Object.entries(SECRETS).flatMap(([name, secret]) => (formsOf(secret).some((form) => bytes.includes(form)) ? [name] : []));

const leaks: string[] = [];
const searched = new Set<string>();
function search(where: string, bytes: string | Buffer): void {
  for (const name of shownIn(bytes)) leaks.push(`${name} in ${where}`);
}

/** What other users of the machine see of each process. */
function searchProcesses(): void {
  for (const pid of process.platform === 'linux' ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : []) {
    try {
      search(`the arguments of ${pid}`, readFileSync(`/proc/${pid}/cmdline`));
    } catch {
      // It is over.
    }
  }
}

/** All but where the values were written by the author, and what the state of later runs is kept in. */
function searchFiles(): void {
  for (const file of filesIn(project.root)) {
    const path = relative(project.root, file);
    if (path === '.dev.vars') continue;
    searched.add(path.replaceAll('\\', '/'));
    const shown = shownIn(readFileSync(file)).filter((name) => !(name === 'KEPT_KEY' && /[\\/]v3[\\/]d1[\\/]/.test(path)));
    leaks.push(...shown.map((name) => `${name} in ${path}`));
  }
}

async function cli(code: number, ...args: readonly string[]): Promise<CliResult> {
  const env = { ...SHARED_HOST, MY_TOKEN: SECRETS.MY_TOKEN, TMPDIR: join(project.root, 't') };
  const running = runCli(args, { cwd: project.root, env });
  searchProcesses();
  const result = await running;
  const words = args.join(' ');
  expect(result.code, `${words}\n${result.stdout}${result.stderr}`).toBe(code);
  search(`the output of ${words}`, result.stdout + result.stderr);
  return result;
}

/** Waits for all, also when one fails: none goes on in a project that is gone. */
async function together(running: readonly Promise<CliResult>[]): Promise<readonly CliResult[]> {
  await Promise.allSettled(running);
  return Promise.all(running);
}

test('no command, file or process shows a secret: of runs that end well, fail, are repeated and go on after kill -9, and of what looks at them', async () => {
  const given = ['--var', 'MY_TOKEN'] as const;
  const started = await cli(0, 'run', 'holds', '--detach', ...given);
  const held = started.stdout.trim();
  const seen = await together([
    cli(0, 'run', 'shows', ...given),
    cli(0, 'run', 'shows', '--json', ...given),
    cli(3, 'run', 'throws', ...given),
    cli(3, 'run', 'denied', '--json', ...given),
    cli(0, 'run', 'shows', '--dry-run', ...given),
    cli(0, 'run', 'shows', '--each', 'rows.jsonl', '--results', 'results.jsonl', ...given),
    cli(0, 'run', 'keeps', ...given),
  ]);
  // They did show theirs.
  for (const [index, { stdout, stderr }] of seen.slice(0, 3).entries())
    expect(`${index} ${stdout}${stderr}`).toMatch(/\[secret API_KEY\].*\[secret MY_TOKEN\]/s);
  searchFiles();

  const record = readHostRecord(hostFolderOf(dataFolderOf(findProject(project.root))));
  if (record === undefined) throw new Error('no host is up');
  process.kill(record.pid, 'SIGKILL');
  searchFiles();
  const asked = server.requests.length;
  await cli(0, 'signal', held, 'go');
  await cli(0, 'attach', held);
  expect(server.requests.slice(asked).map(({ headers }) => headers.authorization)).toEqual([
    `Bearer ${encodeURIComponent(SECRETS.MY_TOKEN)}`,
  ]);

  const runs: { readonly run: string; readonly ensemble: string }[] = JSON.parse((await cli(0, 'runs', '--json')).stdout);
  const [a = '', b = ''] = runs.filter(({ ensemble }) => ensemble === 'shows').map(({ run }) => run);
  await together([
    cli(0, 'replay', a, ...given),
    cli(0, 'fork', a, '--from', 'fetches'),
    cli(0, 'show', a, '--verbose'),
    cli(0, 'logs', a),
    cli(1, 'diff', a, b),
    cli(0, 'stats', '--json'),
    cli(0, 'checkpoints', a, '--json'),
    cli(0, 'state', a),
    cli(0, 'state', 'get', 'kept'),
    cli(0, 'state', 'list', 'kept'),
    cli(0, 'state', 'history', 'kept'),
    cli(0, 'build'),
  ]);
  searchFiles();
  await stopHostOf(project.root);
  searchFiles();
  expect([...searched]).toEqual(
    expect.arrayContaining(['results.jsonl', '.ensemble/build/index.js', expect.stringContaining('RunObject')]),
  );
  expect([...new Set(leaks)]).toEqual([]);
});
