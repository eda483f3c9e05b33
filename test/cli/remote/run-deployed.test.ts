import { afterEach, describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { atLimit } from '../../support/at-limit.ts';
import { openTestServer, sendJson, type TestServer } from '../../support/http-server.ts';
import { finished, numberEvents, STARTED } from '../support/events.ts';
import { createFakeIo, type FakeIo } from '../support/fake-io.ts';

const RUN = 'r'.repeat(26);
const EVENTS = numberEvents([STARTED, finished({ output: 'done' })]);
type Answers = Readonly<Record<string, (io: FakeIo) => readonly [body: unknown, status?: number]>>;

let server: TestServer | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

/** `ensemble run shop` against a Worker that answers `METHOD last-part-of-the-path` so. */
async function run(answers: Answers, ...args: readonly string[]) {
  const io = createFakeIo({ env: { ENSEMBLE_API_KEY: 'a-key' } });
  server = await openTestServer(({ method, url }, response) => {
    const [, part = ''] = /\/(\w+)(?:\?.*)?$/.exec(url) ?? [];
    const [body, status = 200] = answers[`${method} ${part}`]?.(io) ?? [{ code: 'not-found', detail: 'no' }, 404];
    if (part === 'events' && status === 200) {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.end((body as readonly unknown[]).map((event) => `${JSON.stringify(event)}\n`).join(''));
    } else sendJson(response, body, status, status >= 400 ? { 'content-type': 'application/problem+json' } : {});
  });
  const code = await main(['run', 'shop', '--remote', server.origin, ...args], io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text, asked: server.requests.map(({ method, url }) => `${method} ${url}`) };
}

const STARTS: Answers = {
  'GET shop': () => [{ id: 'shop', input: { type: 'object', properties: { count: { type: 'integer' } } } }],
  'POST runs': () => [{ run: RUN }, 202],
  'GET events': () => [EVENTS],
};

describe('ensemble run --remote', () => {
  test('gives values of the command line the types that the deployed ensemble declares', async () => {
    expect(await run(STARTS, 'count=7')).toMatchObject({ code: 0, stdout: 'done\n' });
    expect(server?.requests.find(({ method }) => method === 'POST')?.body).toBe('{"count":7}');
  });

  test('makes a key of its own for each command', async () => {
    const keys: unknown[] = [];
    for (let count = 0; count < 2; count += 1) {
      await run(STARTS);
      keys.push(server?.requests.find(({ method }) => method === 'POST')?.headers['idempotency-key']);
      await server?.[Symbol.asyncDispose]();
      server = undefined;
    }
    expect(keys).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(keys[0]).not.toBe(keys[1]);
  });

  test('that is interrupted while the run is started cancels it as soon as it is there', async () => {
    const { code, stderr, asked } = await run({
      ...STARTS,
      'POST runs': (io) => {
        io.interrupt();
        return [{ run: RUN }, 202];
      },
      'POST cancel': () => [{ run: RUN }],
    });
    expect([code, asked.at(-1)]).toEqual([130, `POST /api/v1/runs/${RUN}/cancel`]);
    expect(stderr).toContain(`${RUN} is being cancelled; ensemble attach ${RUN} --remote ${server?.origin} follows it`);
  });

  test('says so when the Worker does not know the run that it started', async () => {
    const { 'GET events': _, ...others } = STARTS;
    const { code, stderr } = await run(others);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`the Worker started the run ${RUN}, and does not know it now`)]);
  });

  test('tells an input that the Worker alone finds wrong in the words of a local run, on one line a field', async () => {
    const errors = [{ path: 'count', message: 'too\nmany\u001b[2J' }, { path: '', message: 'is odd' }, 'nonsense'];
    const { code, stderr } = await run({
      'GET shop': () => [{ code: 'forbidden', detail: 'no' }, 403],
      'POST runs': () => [{ code: 'invalid-input', detail: 'no', errors }, 422],
    });
    expect([code, stderr]).toEqual([
      2,
      'error: the input does not fit what the ensemble asks for:\n  count: too many\n  the input: is odd\n',
    ]);
  });

  const faults = async (count: number) => {
    const errors = Array.from({ length: count }, (_, index) => ({ path: `f${index}`, message: 'is odd' }));
    const { stderr } = await run({
      'GET shop': () => [{ code: 'forbidden', detail: 'no' }, 403],
      'POST runs': () => [{ code: 'invalid-input', detail: 'no', errors }, 422],
    });
    return stderr.trimEnd().split('\n').slice(-1);
  };
  atLimit('src/cli/remote/run-deployed.ts MOST_FIELDS', {
    within: async (count) => expect(await faults(count)).toEqual([`  f${count - 1}: is odd`]),
    beyond: async (count) => expect(await faults(count)).toEqual(['  and 1 more']),
  });

  test('leaves a run to go on with --detach and reads nothing of it', async () => {
    const { stdout, asked } = await run(STARTS, '--detach', '--json');
    expect(stdout).toBe(`{"run":"${RUN}"}\n`);
    expect(asked).toEqual(['GET /api/v1/ensembles/shop', 'POST /api/v1/ensembles/shop/runs']);
  });
});
