import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compile } from '../../src/language/compile.ts';
import { findProject } from '../../src/node/find-project.ts';
import type { Host } from '../../src/node/host.ts';
import { openLocalHost } from '../../src/node/local-host.ts';
import type { RunEvent } from '../../src/program/run-event.ts';
import { createRunId } from '../../src/program/run-id.ts';
import { openTestServer, sendJson, type TestServer } from '../support/http-server.ts';
import { type WrittenProject, writeProject } from '../support/written-project.ts';
import { filesIn, formsOf } from './support/secret-forms.ts';

/** How an agent may show a secret, which is `K` here; `S` is the test's server. Each gets one of its own. */
const CHANNELS: Readonly<Record<string, string>> = {
  code_log: 'operation: code, config: { code: "console.log(K); console.error({ [K]: [K] }); return 1" }',
  code_lines: 'operation: code, config: { code: "for (const part of [K, \'a\' + K, K + K]) console.log(part); return 1" }',
  code_throw: 'operation: code, config: { code: "throw new Error(`it is ${K}`)" }',
  code_throw_text: 'operation: code, config: { code: "throw K" }',
  code_throw_data: 'operation: code, config: { code: "throw { key: K, [K]: 1 }" }',
  code_cut: `operation: code, config: { code: "throw new Error('x'.repeat(16 * 1024 - 9) + K)" }`,
  code_forms:
    'operation: code, config: { code: "return [encodeURIComponent(K), JSON.stringify(JSON.stringify(K)), btoa(encodeURIComponent(K)), new URLSearchParams([[String(), K]]).toString()]" }',
  code_bytes:
    "operation: code, config: { code: \"const b = new TextEncoder().encode(K); return [[...b].map((x) => x.toString(16).padStart(2, '0')).join(''), [0, 1, 2].map((n) => btoa(String.fromCharCode(...new Uint8Array(n), ...b)))]\" }",
  code_key: 'operation: code, config: { code: "return { [K]: { [K]: K } }" }',
  retried: 'operation: code, retry: { maxAttempts: 2, initialDelay: 1 }, config: { code: "throw new Error(K)" }',
  http_header:
    'operation: http, config: { url: "S/fail", headers: { authorization: "Bearer ${encodeURIComponent(K)}", x-key: "${encodeURIComponent(K)}" } }',
  http_url: 'operation: http, config: { url: "S/fail/${encodeURIComponent(K)}?key=${K}" }',
  http_userinfo: 'operation: http, config: { url: "http://user:${encodeURIComponent(K)}@127.0.0.1:9/" }',
  http_body: 'operation: http, config: { url: S/echo, method: POST, body: { key: "${K}" } }',
  http_form:
    'operation: http, config: { url: S/echo, method: POST, body: { key: "${K}" }, headers: { content-type: application/x-www-form-urlencoded } }',
  http_redirect: 'operation: http, config: { url: "S/redirect?to=${encodeURIComponent(K)}" }',
  http_full: 'operation: http, config: { url: "S/echo?${encodeURIComponent(K)}", response: full }',
  http_no_address: 'operation: http, config: { url: "${K}" }',
  think_key: 'operation: think, config: { provider: openai-compatible, model: m, baseURL: S/fail, apiKey: "${K}", prompt: hi }',
  think_prompt: 'operation: think, config: { provider: openai-compatible, model: m, baseURL: S/fail, prompt: "say ${K}" }',
  d1_query: 'operation: data, config: { backend: d1, query: "${K}" }',
  d1_params: 'operation: data, config: { backend: d1, query: "select ? as k", params: ["${K}"] }',
  kv_miss: 'operation: storage, config: { type: kv, action: get, key: "${K}" }',
  kv_long: 'operation: storage, config: { type: kv, action: get, key: "${K.repeat(40)}" }',
  r2_miss: 'operation: storage, config: { type: r2, action: get, key: "${K}" }',
  transform: 'operation: transform, config: { value: { a: "${K}", b: ["${K}"] } }',
  transform_fails: 'operation: transform, config: { value: "${JSON.parse(K)}" }',
  asserts: 'operation: assert, config: { that: false, message: "no ${K}" }',
  logs: 'operation: log, config: { message: "${K} and ${K}" }',
  schema:
    'operation: transform, config: { value: { a: "${K}" } }, schema: { output: { type: object, properties: { a: { type: number, const: 7 } } } }',
  schema_enum: 'operation: transform, config: { value: "${K}" }, schema: { output: { enum: [a, b] } }',
  skipped: 'operation: transform, condition: "${K == 1}", config: { value: 1 }',
  looped: 'operation: transform, loop: { items: "${[K, K]}" }, config: { value: "${item}" }',
  cached: 'operation: code, cache: { ttl: 1h, key: "${K}" }, config: { code: "return K" }',
  cached_output: 'operation: code, cache: { ttl: 1h }, config: { code: "return { key: K }" }',
  bad_config: 'operation: http, config: { url: S/echo, method: "${K}" }',
  bad_duration: 'operation: wait, config: { for: "${K}" }',
};
const names = [...Object.keys(CHANNELS), 'state', 'asked', 'compensated', 'answer', 'by_option'];
const nameOf = (channel: string) => `SECRET_${channel.toUpperCase()}`;
/** With what each of the encodings changes. */
const secretOf = (channel: string) => `${Buffer.from(channel).toString('base64url')}!"/+é ${channel}~z`;

const agents = Object.entries(CHANNELS).map(
  ([name, agent]) => `  - { name: ${name}, onError: continue, ${agent.replaceAll(/\bK\b/g, `env.${nameOf(name)}`)} }`,
);
const LEAKS = `ensemble: leaks
state: { schema: { pin: { type: string, secret: true } } }
agents:
${agents.join('\n')}
  - { name: pins, operation: transform, config: { value: 1 }, state: { set: { pin: "\${env.SECRET_STATE}" } } }
  - { name: pays, operation: transform, config: { value: "\${env.SECRET_COMPENSATED}" }, compensate: { operation: code, config: { code: "throw new Error(env.SECRET_COMPENSATED)" } } }
  - { name: asks, operation: approval, config: { prompt: "is it \${env.SECRET_ASKED}?", data: "\${env.SECRET_ASKED}" } }
  - { name: shows, operation: transform, state: { use: [pin] }, config: { value: { pin: "\${state.pin}", said: "\${asks.output}", given: "\${env.SECRET_BY_OPTION}", paid: "\${pays.output}" } } }
  - { name: fails, operation: assert, config: { that: false, message: "\${JSON.stringify(shows.output)}" } }
`;

let project: WrittenProject;
let server: TestServer;
let host: Host;
const open = () => openLocalHost({ project: findProject(project.root) });
beforeAll(async () => {
  // Answers with all that it was sent, as servers that explain an error do.
  server = await openTestServer((request, response) => {
    if (request.url.startsWith('/redirect')) response.writeHead(302, { location: request.url.replace('/redirect', '/fail') }).end();
    else
      sendJson(response, { error: { message: JSON.stringify(request) }, request }, request.url.startsWith('/echo') ? 200 : 401, {
        'x-seen': encodeURI(request.url),
      });
  });
  const vars = names.filter((name) => name !== 'by_option').map((name) => `${nameOf(name)}='${secretOf(name)}'\n`);
  project = writeProject({ '.dev.vars': vars.join(''), 'ensembles/leaks.yaml': LEAKS.replaceAll('S/', `${server.origin}/`) });
  host = await open();
});
afterAll(async () => {
  await host?.close();
  project?.[Symbol.dispose]();
  await server?.[Symbol.asyncDispose]();
});

const forms = names.flatMap((name) => formsOf(secretOf(name)).map((form) => [name, form] as const));

/** The channels of which a secret is in these bytes. */
const shownIn = (bytes: string | Buffer): string[] => [...new Set(forms.filter(([, form]) => bytes.includes(form)).map(([name]) => name))];

const shownOnDisk = () =>
  [...filesIn(join(project.root, '.ensemble'))]
    .map((file) => [file, shownIn(readFileSync(file))] as const)
    .filter(([, shown]) => shown.length > 0);

async function follow(events: AsyncIterable<RunEvent> | undefined, until: RunEvent['type']): Promise<RunEvent[]> {
  const seen: RunEvent[] = [];
  for await (const event of events ?? []) {
    seen.push(event);
    if (event.type === until) break;
  }
  return seen;
}

test('a secret of each channel is in no event, answer or file while its run waits, goes on in another host, ends, and is forked', async () => {
  const text = readFileSync(join(project.root, 'ensembles/leaks.yaml'), 'utf8');
  const { program, diagnostics } = compile({ path: 'ensembles/leaks.yaml', text });
  if (program === undefined) throw new Error(JSON.stringify(diagnostics.filter(({ severity }) => severity === 'error')));
  const run = createRunId(Date.now());
  const request = {
    run,
    input: { key: secretOf('transform') },
    vars: { SECRET_BY_OPTION: secretOf('by_option') },
    secretVars: ['SECRET_BY_OPTION'],
  };
  const before = await follow(host.run(program, request), 'run.waiting');
  // They did show theirs.
  const told = JSON.stringify(before);
  const silent = Object.keys(CHANNELS).filter((name) => !told.includes(`[secret ${nameOf(name)}]`));
  expect(silent).toEqual(QUIET);
  expect(shownIn(told)).toEqual([]);
  expect(shownOnDisk()).toEqual([]);

  await host.close();
  host = await open();
  await host.call('answer', {
    run,
    agent: 'asks',
    answer: { approved: true, feedback: `yes, ${secretOf('answer')}`, approver: secretOf('answer') },
  });
  const after = await follow(await host.events(run, { follow: true }), 'run.finished');
  expect(after.at(-1)).toMatchObject({ type: 'run.finished', status: 'failed', agent: 'fails' });
  const end = JSON.stringify(after.slice(before.length));
  for (const name of ['state', 'asked', 'compensated', 'answer', 'by_option'])
    expect(JSON.stringify(after)).toContain(name === 'state' ? '[secret ' : `[secret ${nameOf(name)}]`);
  expect(shownIn(JSON.stringify(after))).toEqual([]);
  expect(shownIn(end)).toEqual([]);

  const fork = createRunId(Date.now());
  await host.call('fork', { from: run, agent: 'fails', run: fork, values: { pin: secretOf('state') } });
  expect(shownIn(JSON.stringify(await follow(await host.events(fork, { follow: true }), 'run.finished')))).toEqual([]);
  for (const [name, ask] of [
    ['runs', {}],
    ['statistics', {}],
    ['alive', {}],
  ] as const)
    expect(shownIn(JSON.stringify(await host.call(name, ask)))).toEqual([]);
  expect(shownIn(JSON.stringify(await host.readProgram(run)))).toEqual([]);
  expect(shownOnDisk()).toEqual([]);
  await host.close();
  expect(shownOnDisk()).toEqual([]);
});

/** Of these nothing is shown at all. */
const QUIET: readonly string[] = ['http_userinfo', 'think_prompt', 'kv_miss', 'kv_long', 'r2_miss', 'transform_fails', 'skipped'];
