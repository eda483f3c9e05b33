import { describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import type { ScopeSummary } from '../../../src/program/state-calls.ts';
import { createFakeIo } from '../support/fake-io.ts';
import { asksOf, CONTROLS, EVIL, key, NOW, runState, stateHost, VISITS } from './support.ts';

describe('ensemble state get', () => {
  test('prints the value of a key, or an object of those that match, without what has expired', async () => {
    expect(await runState(['get', 'visits', 'total'])).toMatchObject({ code: 0, stdout: '10\n' });
    expect(JSON.parse((await runState(['get', 'visits'])).stdout)).toEqual({ pages: ['/docs'], token: '[secret token]', total: 10 });
    expect(JSON.parse((await runState(['get', 'visits', 't*'])).stdout)).toEqual({ token: '[secret token]', total: 10 });
    expect(JSON.parse((await runState(['get', 'visits', 'x?'])).stdout)).toEqual({});
  });

  test('shows a secret only when it is asked for', async () => {
    expect((await runState(['get', 'visits', 'token'])).stdout).toBe('[secret token]\n');
    expect((await runState(['get', 'visits', 'token', '--reveal', '--json'])).stdout).toBe('"the secret itself"\n');
    for (const args of [
      ['get', 'visits'],
      ['list', 'visits'],
      ['list', 'visits', '--json'],
    ]) {
      const { stdout, stderr } = await runState(args);
      expect(stdout + stderr).not.toContain('the secret itself');
    }
  });

  test('asks the host for the values of secret variables only when they are asked for', async () => {
    const wishes = async (...args: readonly string[]) => {
      const host = stateHost((ask) => (ask.action === 'history' ? { type: 'history', changes: [] } : undefined));
      await runState(args, host);
      return asksOf(host).flatMap((ask) => (ask.action === 'read' || ask.action === 'history' ? [ask.reveal] : []));
    };
    for (const args of [
      ['get', 'visits'],
      ['list', 'visits'],
      ['history', 'visits'],
      ['diff', 'visits', '--since', '1h'],
    ]) {
      expect([...new Set(await wishes(...args))]).toEqual([undefined]);
      expect([...new Set(await wishes(...args, '--reveal'))]).toEqual([true]);
    }
  });

  test('fails for a key that is not there now, with the nearest', async () => {
    expect(await runState(['get', 'visits', 'totl'])).toMatchObject({
      code: 1,
      stderr: 'error: the scope "visits" has no key "totl" now\nDid you mean total?\n',
    });
    expect(await runState(['get', 'visits', 'price'])).toMatchObject({ code: 1 });
  });

  test('takes a key that looks like a pattern as itself when there is one', async () => {
    const host = stateHost((ask) =>
      ask.action === 'read' ? { type: 'content', content: { keys: [key('a*', 1), key('ab', 2)] }, at: NOW } : undefined,
    );
    expect((await runState(['get', 'visits', 'a*'], host)).stdout).toBe('1\n');
  });
});

describe('ensemble state list', () => {
  test('lists keys with who wrote them', async () => {
    const { stdout } = await runState(['list', 'visits']);
    expect(stdout.split('\n')).toEqual([
      'KEY    VALUE             WRITTEN               BY                         NOTES',
      'pages  ["/docs"]         2027-01-15 07:59:55Z  count of run-1, attempt 2  tainted',
      'token  "[secret token]"  2027-01-15 07:59:55Z  count of run-1',
      'total  10                2027-01-15 07:59:55Z  state set',
      '',
    ]);
  });

  test('shows nothing that could repaint a terminal', async () => {
    const content = { keys: [key(EVIL, EVIL, { agent: EVIL, run: EVIL })] };
    const host = stateHost((ask) => (ask.action === 'read' ? { type: 'content', content, at: NOW } : undefined));
    expect((await runState(['list', 'visits'], host)).stdout).not.toMatch(CONTROLS);
  });
});

describe('a scope on the command line', () => {
  const missing = stateHost(undefined, []);

  test('that is nowhere is a mistake of the command line, and says where was looked', async () => {
    expect(await runState(['get', 'nowhere'], missing)).toMatchObject({
      code: 2,
      stderr: 'error: there is no state scope "nowhere" in d1 DB, durable-object\nensemble state scopes lists those that there are.\n',
    });
  });

  test('that is in several places has to be told apart', async () => {
    const scopes: readonly ScopeSummary[] = [VISITS, { backend: 'kv', binding: 'KV', scope: 'visits', last_at: 1 }];
    const { code, stderr } = await runState(['get', 'visits'], stateHost(undefined, scopes));
    expect(code).toBe(2);
    expect(stderr).toBe(
      'error: there are several scopes "visits"; say which:\n  --backend d1 --binding DB   (of visits)\n  --backend kv --binding KV\n',
    );
  });

  test('that a run has used is meant before a KV key of that name', async () => {
    const host = stateHost(undefined, [{ backend: 'kv', binding: 'KV', scope: 'visits' }, VISITS]);
    expect((await runState(['get', 'visits', 'total'], host)).code).toBe(0);
    expect(asksOf(host)[1]).toMatchObject({ action: 'read', address: { backend: 'd1', binding: 'DB', scope: 'visits' } });
  });

  test('in a binding that the host lacks is reached by opening the host for it', async () => {
    const host = stateHost(undefined, [{ ...VISITS, binding: 'OTHER', unreachable: true }]);
    const needs: unknown[] = [];
    const io = createFakeIo();
    const code = await main(['state', 'get', 'visits', 'total'], io, (options) => {
      needs.push(options.program?.bindings);
      return host.open(options);
    });
    expect(code).toBe(0);
    expect(needs).toEqual([undefined, [{ kind: 'd1', name: 'OTHER' }]]);
    expect(host.closed).toBe(2);
  });

  test.each([
    [['get', ''], 'the name of a scope is not empty'],
    [['get', 'visits', '--binding', 'DB'], '--binding needs --backend'],
    [['get', 'visits', '--ensemble', 'a', '--backend', 'd1'], '--ensemble says which backend it is'],
    [['get', 'visits', '--backend', 'memory'], 'Allowed choices are kv, d1, durable-object'],
    [['diff', 'visits'], "required option '--since"],
    [['delete', 'visits'], 'say which keys to delete, or --all'],
    [['delete', 'visits', 'a', '--all'], '--all takes no keys'],
    [['set', 'visits'], 'there is nothing to set'],
    [['restore', 'visits', '--name', 'a', '--to', '1'], 'give one'],
    [['snapshot', 'visits', '--name', ''], '--name takes a text'],
  ])('with %j is refused before anything is asked', async (args, message) => {
    const host = stateHost();
    const { code, stderr } = await runState(args, host);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
    expect(host.calls).toEqual([]);
  });

  test('whose host refuses is told in its words', async () => {
    const host = stateHost((ask) => (ask.action === 'read' ? { type: 'refused', message: 'kv is away' } : undefined));
    expect(await runState(['get', 'visits'], host)).toMatchObject({ code: 1, stderr: 'error: kv is away\n' });
  });
});

describe('ensemble state scopes', () => {
  const host = () =>
    stateHost((ask) =>
      ask.action === 'scopes'
        ? {
            type: 'scopes',
            scopes: [VISITS, { backend: 'durable-object', scope: `${EVIL}`, last_at: NOW }, { backend: 'd1', binding: 'DB', scope: 'old' }],
          }
        : undefined,
    );

  test('lists them, last used first', async () => {
    const { stdout } = await runState(['scopes'], host());
    expect(stdout.split('\n').slice(0, 2)).toEqual([
      'SCOPE   BACKEND         BINDING  ENSEMBLE  LAST USED',
      'visits  d1              DB       visits    2027-01-15 08:00:00Z',
    ]);
    expect(stdout).not.toMatch(CONTROLS);
  });

  test('takes a pattern, and prints JSON without schemas', async () => {
    expect(JSON.parse((await runState(['scopes', 'v*', '--json'], host())).stdout)).toEqual([
      { backend: 'd1', binding: 'DB', scope: 'visits', ensemble: 'visits', last_at: NOW },
    ]);
  });
});

test('ensemble state without a word says what there is', async () => {
  const { code, stderr } = await runState([]);
  expect(code).toBe(2);
  expect(stderr).toContain('Usage: ensemble state');
});
