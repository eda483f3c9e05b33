import { afterEach, describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import type { EventBody } from '../../../src/program/run-event.ts';
import { openTestServer, sendJson, type TestServer } from '../../support/http-server.ts';
import { agentStarted, FAILURE, finished, numberEvents, STARTED } from '../support/events.ts';
import { createFakeIo } from '../support/fake-io.ts';

const RUN = 'r'.repeat(26);
/** Clears the screen, sets a title, turns the text around, and rings. */
const EVIL = 'a\u001b[2J\u001b]0;owned\u0007b\u009b31m\u202ec\r';
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is its purpose
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

let server: TestServer | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

const EVENTS = numberEvents([
  { ...STARTED, ensemble: EVIL, file: EVIL } as EventBody,
  agentStarted(EVIL),
  { type: 'log', agent: EVIL, level: 'info', message: EVIL },
  { type: 'run.waiting', agent: EVIL, reason: 'approval', prompt: EVIL, data: EVIL, approvers: [EVIL] },
  {
    type: 'agent.failed',
    agent: EVIL,
    failure: { ...FAILURE, message: EVIL },
    attempts: 1,
    duration_ms: 1,
    handled: false,
    tainted: false,
  },
  finished({ status: 'failed', failure: { ...FAILURE, message: EVIL }, agent: EVIL }),
]);
const SUMMARY = {
  run: RUN,
  ensemble: EVIL,
  file: EVIL,
  status: 'failed',
  started_at: 1,
  last_event_at: 2,
  attempt: 1,
  steps: 1,
  agent: EVIL,
  failure: { code: 'HTTP_STATUS', message: EVIL },
};

/** Runs a command line at a terminal, against a Worker that wants to do something to that. */
async function run(answer: (url: string) => readonly [body: unknown, status?: number, type?: string], ...args: readonly string[]) {
  server = await openTestServer(({ url }, response) => {
    const [body, status = 200, type = 'application/json'] = answer(url);
    if (type !== 'application/x-ndjson') return sendJson(response, body, status, { 'content-type': type });
    response.writeHead(status, { 'content-type': type });
    response.end((body as readonly unknown[]).map((event) => `${JSON.stringify(event)}\n`).join(''));
  });
  const io = createFakeIo({
    tty: true,
    columns: 120,
    env: { ENSEMBLE_REMOTE: server.origin, ENSEMBLE_API_KEY: 'a-key', NO_COLOR: '1', TERM: 'dumb' },
  });
  const code = await main(args, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

const NOT_FOUND = [{ type: 't', title: 't', status: 404, code: 'not-found', detail: EVIL }, 404, 'application/problem+json'] as const;
const events = (url: string) =>
  /\/events/.test(url)
    ? ([EVENTS, 200, 'application/x-ndjson'] as const)
    : /\/program/.test(url)
      ? NOT_FOUND
      : ([{ runs: [SUMMARY] }] as const);

describe('what a deployed Worker says', () => {
  test.each([
    [['attach', RUN]],
    [['show', RUN]],
    [['show', RUN, '--verbose']],
    [['logs', RUN]],
    [['checkpoints', RUN]],
    [['runs']],
    [['runs', '--json']],
  ])('does nothing to the terminal of %j', async (args) => {
    const { stdout, stderr, code } = await run(events, ...args);
    expect(code).not.toBe(70);
    expect(stdout + stderr).toMatch(/abc|a\\u001b\[2J/);
    // What the CLI itself draws with is no control of theirs: colours are off, and nothing is drawn in place.
    expect((stdout + stderr).replaceAll('\u001b[0J', '')).not.toMatch(CONTROLS);
  });

  test.each([
    ['in a problem', () => [{ code: EVIL, detail: EVIL }, 400, 'application/problem+json'] as const],
    ['in the code of a failure', () => [{ runs: [{ ...SUMMARY, failure: { code: EVIL, message: 'x' } }] }] as const],
    ['in place of a field', () => [{ runs: [{ ...SUMMARY, status: EVIL }] }] as const],
  ])('does nothing to the terminal %s', async (_, answer) => {
    const { code, stderr } = await run(answer, 'runs');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: /);
    expect(stderr).not.toMatch(CONTROLS);
  });

  test('is no bug of the command when it is nested too deep to be written again', async () => {
    const deep = (): unknown => JSON.parse(`${'['.repeat(2_001)}${']'.repeat(2_001)}`);
    const body = { runs: [{ ...SUMMARY, deep: deep() }] };
    const { code, stderr } = await run(() => [body], 'runs', '--json');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^error: http\S+ answered with something that is not JSON/)]);
  });

  test('is not taken for a bug of the command, whatever it is', async () => {
    const bodies: readonly unknown[] = [
      null,
      1,
      'x',
      [],
      {},
      { runs: null },
      { runs: [null] },
      { runs: {}, ensembles: {} },
      { type: 'content' },
    ];
    for (const body of bodies) {
      for (const args of [['runs'], ['stats'], ['show', RUN], ['run', 'x'], ['state', 'scopes'], ['state', 'get', 'x']]) {
        const { code, stderr } = await run(() => [body], ...args);
        await server?.[Symbol.asyncDispose]();
        server = undefined;
        expect({ args, body, code, stderr }).toMatchObject({ code: expect.toSatisfy((exit) => exit !== 70) });
      }
    }
  });
});
