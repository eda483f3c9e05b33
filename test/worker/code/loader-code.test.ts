import { expect, test } from 'vitest';
import { codeSuite } from './code-suite.ts';

/** What only a wall around a program's code makes true: it may import what the platform has, and finds nothing there. */
codeSuite('loader', ({ host, valueFrom, failureOf, reachesNothing, leavesNothing }) => {
  test('a body that waits for what can never happen fails at once', async () => {
    expect(await failureOf('await new Promise(() => {})')).toBe(
      'CODE_ERROR: The code waits for something that can never happen (a promise that nothing settles).',
    );
  });

  test('the console shows no more of a large value than a line can hold', async () => {
    const { logs } = await host().run(
      'console.log(Array(5e7).fill(0)); let a = [1]; for (let i = 0; i < 6; i++) a = Array(40).fill(a); console.log(a)',
    );
    expect(logs[0]?.message).toMatch(/^\[0,0,.*,… 49999000 more\]$/);
    expect(logs[1]?.message.length).toBeLessThan(1024 * 1024 + 100);
  });

  test('a body without `network: true` reaches nothing by a socket', async () => {
    await reachesNothing(
      'const { connect } = await import("cloudflare:sockets"); const s = connect("127.0.0.1:PORT"); await s.opened; return "reached"',
    );
  });

  test.each(['node:fs', 'node:child_process', 'node:net', 'node:vm', 'node:worker_threads', 'fs', 'data:text/javascript,export default 1'])(
    'a body cannot import %s',
    async (name) => {
      expect(await failureOf(`return Object.keys(await import(${JSON.stringify(name)}))`)).toContain('No such module');
    },
  );

  test('a body sees neither bindings nor the environment of the host', async () => {
    const body = `
      const workers = await import('cloudflare:workers');
      const process = await import('node:process');
      return [Object.keys(workers.env), Object.keys(process.env), typeof globalThis.process, typeof LOADER]`;
    expect(await valueFrom(body)).toEqual([[], [], 'undefined', 'undefined']);
  });

  const OWN_MODULE = '/([\\w-]+\\.js):/.exec(new Error().stack)[1]';

  test('a body can leave nothing in its own module', async () => {
    expect(await valueFrom(`const { default: body } = await import(${OWN_MODULE}); return Object.isFrozen(body)`)).toBe(true);
  });

  test('a body cannot import another, whose name it cannot know', async () => {
    const [name, again, guess] = await host().runAll([
      `return ${OWN_MODULE}`,
      `return ${OWN_MODULE}`,
      'const found = []; for (const name of ["body-0.js", "m0.js", "m0", "./m0.js"]) try { found.push(await import(name)) } catch {} return found.length',
    ]);
    expect([name, again]).toEqual([
      { ok: true, value: expect.stringMatching(/^[\da-f-]{36}\.js$/), logs: [] },
      { ok: true, value: expect.stringMatching(/^[\da-f-]{36}\.js$/), logs: [] },
    ]);
    expect(name).not.toEqual(again);
    expect(guess).toMatchObject({ value: 0 });
  });

  test.each([
    [
      'an imported module',
      'const m = await import("cloudflare:workers"); m.RpcTarget.left = input',
      'return (await import("cloudflare:workers")).RpcTarget.left',
    ],
    [
      'an imported environment',
      'const m = await import("cloudflare:workers"); m.env.left = input',
      'return (await import("cloudflare:workers")).env.left',
    ],
    [
      'an imported table',
      'const m = await import("cloudflare:vectorize"); m.KnownModel.left = input',
      'return (await import("cloudflare:vectorize")).KnownModel.left',
    ],
    [
      'the stub of the harness',
      'const { exports } = await import("cloudflare:workers"); exports.CodeHarness.__proto__.left = input',
      'return (await import("cloudflare:workers")).exports.CodeHarness.__proto__.left',
    ],
    ['the process', '(await import("node:process")).env.left = input', 'return (await import("node:process")).env.left'],
    [
      'the harness',
      'const { CodeHarness: H } = await import("ensemble-harness.js"); const { call } = H.prototype; H.prototype.call = function (...given) { H.left = given; return call.apply(this, given) }',
      'return (await import("ensemble-harness.js")).CodeHarness.left',
    ],
  ])('a body leaves nothing to other calls by way of %s', async (_, leave, find) => {
    await leavesNothing(leave, find);
  });
});
