import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ISOLATE_GLOBALS } from '../../../src/language/code/javascript-globals.ts';
import type { CodeOutcome } from '../../../src/runtime/ports.ts';
import { fc } from '../../support/fast-check.ts';
import { type BodyCall, type CodeKind, EMPTY_SCOPE, openCodeHost } from '../support/code-host.ts';

/** What the tests that hold for one kind only share with the others. */
export interface Asks {
  readonly host: () => Awaited<ReturnType<typeof openCodeHost>>;
  readonly valueFrom: (body: string, call?: BodyCall) => Promise<unknown>;
  readonly failureOf: (body: string, call?: BodyCall) => Promise<string>;
  /** Fails when the body gets out of its isolate; `PORT` in it is that of a server on this machine. */
  readonly reachesNothing: (body: string) => Promise<void>;
  /** Fails when what the first body was given can be found by the second. */
  readonly leavesNothing: (leave: string, find: string) => Promise<void>;
}

/** What holds wherever bodies run; `more` for what holds for this kind only. */
export function codeSuite(kind: CodeKind, more: (asks: Asks) => void): void {
  let host: Awaited<ReturnType<typeof openCodeHost>>;
  /** A server on this machine that nothing without network may reach; it counts who does. */
  const server = createServer((_request, response) => response.end('reached'));
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    host = await openCodeHost(kind, (url) => `outside ${url}`);
  });
  afterAll(async () => {
    await host.close();
    server.close();
  });

  const port = (): number => (server.address() as AddressInfo).port;
  const valueFrom = async (body: string, call?: BodyCall): Promise<unknown> => {
    const outcome = await host.run(body, call);
    if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.message}`);
    return outcome.value;
  };
  const failureOf = async (body: string, call?: BodyCall): Promise<string> => {
    const outcome = await host.run(body, call);
    return outcome.ok ? `returned ${JSON.stringify(outcome.value)}` : `${outcome.code}: ${outcome.message}`;
  };

  const reachesNothing: Asks['reachesNothing'] = async (body) => {
    const before = host.reached.length;
    const outcome = await host.run(body.replaceAll('PORT', String(port())));
    expect(outcome).not.toMatchObject({ ok: true, value: 'reached' });
    expect(host.reached.slice(before)).toEqual([]);
    expect(connections).toBe(0);
  };
  const leavesNothing: Asks['leavesNothing'] = async (leave, find) => {
    const [, found] = await host.runAll([leave, find], { input: { secret: 's3cret' } });
    expect(found?.ok).toBe(true);
    expect(JSON.stringify(found)).not.toContain('s3cret');
  };

  describe('what a body is given', () => {
    test('is its input, state, env, holes, agents and config, and nothing else', async () => {
      const given = await valueFrom('return { input, state, env, holes, agents, config, keys: Object.keys(context).sort() }', {
        input: { x: 1 },
        state: { s: [2] },
        env: { E: '3' },
        holes: [4, 'five'],
        agents: { 'fetch-user': { output: 6 } },
        config: { c: 7 },
      });
      expect(given).toEqual({
        input: { x: 1 },
        state: { s: [2] },
        env: { E: '3' },
        holes: [4, 'five'],
        agents: { 'fetch-user': { output: 6 } },
        config: { c: 7 },
        keys: ['agents', 'config', 'console', 'env', 'holes', 'input', 'setState', 'signal', 'state', 'text'],
      });
    });

    test('is frozen all the way down where it is shared with the run', async () => {
      expect(await failureOf('state.list.push(1)', { state: { list: [] } })).toMatch(/^CODE_ERROR: TypeError/);
      expect(await failureOf('input.a.b = 1', { input: { a: {} } })).toMatch(/^CODE_ERROR: TypeError/);
      expect(await valueFrom('holes[0].push(1); return holes[0]', { holes: [[0]] })).toEqual([0, 1]);
    });

    test('arrives unchanged, whatever the text', async () => {
      const texts = ["'", '"', '\\', '`', '${x}', '*/', '\n\r\u2028\u2029', '</script>', '\ud83d\ude00', '\ud800', '__proto__', '\0'];
      const data = { ...Object.fromEntries(texts.map((text) => [text, text])), ['__proto__']: { polluted: true } };
      const input = JSON.parse(JSON.stringify(data));
      expect(
        await valueFrom('return [input, Object.hasOwn(input, "__proto__") ? "own" : "none", ({}).polluted ?? null]', { input }),
      ).toEqual([input, 'own', null]);
      const odd = JSON.parse('{"__proto__":{"polluted":true}}');
      expect(JSON.stringify(await valueFrom('return input', { input: odd }))).toBe('{"__proto__":{"polluted":true}}');
    });
  });

  describe('the globals of an isolate', () => {
    test('are those that `undefined-name` knows', async () => {
      const names = await valueFrom(`
      const names = new Set();
      for (let object = globalThis; object !== null; object = Object.getPrototypeOf(object)) {
        for (const name of Object.getOwnPropertyNames(object)) names.add(name);
      }
      return [...names].sort();
    `);
      expect(names).toEqual([...ISOLATE_GLOBALS].sort());
    });
  });

  describe('the functions of the global object', () => {
    test('are called by their names, and as its methods', async () => {
      const body = `
        const woke = await new Promise((resolve) => globalThis.setTimeout(resolve, 1, 'woke'));
        const { port1, port2 } = new globalThis.MessageChannel();
        const turned = await new Promise((resolve) => self.queueMicrotask(() => resolve('turned')));
        port1.close(); port2.close(); self.clearTimeout(globalThis.setInterval(() => {}, 1000));
        return [woke, turned, self.atob('YQ=='), btoa('a'), globalThis.btoa('a'), globalThis.structuredClone({ a: [1] }), structuredClone(2), globalThis.encodeURIComponent(' '),
          globalThis.parseInt('7'), typeof self.crypto.randomUUID(), new globalThis.URL('http://x/y').pathname, globalThis.performance.now() >= 0, typeof globalThis.navigator.userAgent];`;
      expect(await valueFrom(body)).toEqual([
        'woke',
        'turned',
        'a',
        'YQ==',
        'YQ==',
        { a: [1] },
        2,
        '%20',
        7,
        'string',
        '/y',
        true,
        'string',
      ]);
    });
  });

  describe('what a body returns', () => {
    test('comes back as the same JSON data, for any data', async () => {
      await fc.assert(
        fc.asyncProperty(fc.jsonValue(), async (value) => {
          const sent = JSON.parse(JSON.stringify(value));
          expect(await valueFrom('return input', { input: sent })).toEqual(sent);
        }),
        { numRuns: 30 },
      );
    });

    test('may be nothing, a date, or data with undefined in it', async () => {
      expect(await host.run('')).toEqual({ ok: true, logs: [] });
      expect(await valueFrom('return { at: new Date(0), none: undefined, list: [undefined, NaN] }')).toEqual({
        at: '1970-01-01T00:00:00.000Z',
        list: [null, null],
      });
    });

    test.each([
      ['return () => 1', 'The code returned a function.'],
      [
        'return { a: [1, { "b c": 1n }] }',
        'The code returned an object whose a[1]["b c"] is a BigInt (write String(value), or Number(value) where it fits).',
      ],
      ['const a = {}; a.b = { a }; return a', 'The code returned an object whose b.a is the object that contains it (a cycle).'],
      ['return { m: new Map() }', 'The code returned an object whose m is a Map (write Object.fromEntries(map)).'],
      ['return [Promise.resolve(1)]', 'The code returned an object whose [0] is a promise (await it).'],
      ['return Symbol("s")', 'The code returned a symbol.'],
      ['let a = []; for (let i = 0; i < 5000; i++) a = [a]; return a', 'The code returned a value nested deeper than 1000 levels.'],
    ])('is refused with its path when JSON cannot hold it: %s', async (body, message) => {
      expect(await host.run(body)).toMatchObject({ ok: false, code: 'CODE_OUTPUT', message });
    });

    test('is refused when it is larger than 8 MiB', async () => {
      expect(await valueFrom('return "x".repeat(8 * 1024 * 1024 - 10).length')).toBe(8 * 1024 * 1024 - 10);
      expect(await failureOf('return "x".repeat(8 * 1024 * 1024)')).toBe('OUTPUT_TOO_LARGE: The code returned more than 8 MiB of JSON.');
      expect(await failureOf('const s = "x".repeat(1e6); return Array(100000).fill(s)')).toMatch(/^OUTPUT_TOO_LARGE/);
    });

    test('is refused when what is escaped in it makes its JSON too long to leave the isolate', async () => {
      expect(await failureOf(String.raw`return "\u0001".repeat(8e6)`)).toBe('OUTPUT_TOO_LARGE: The code returned more than 8 MiB of JSON.');
      expect(await valueFrom('return "\u4e00".repeat(8e6)')).toHaveLength(8e6);
    });

    test('is refused when it never ends: a list of billions, a value that repeats itself in its getters', async () => {
      expect(await failureOf('return new Array(4294967295)')).toMatch(/^OUTPUT_TOO_LARGE/);
      expect(
        await failureOf(
          'class Deep { get a() { return new Deep() } } const o = {}; let p = o; for (let i = 0; i < 2000; i++) p = p.a = {}; return o',
        ),
      ).toMatch(/^CODE_OUTPUT: The code returned a value nested deeper/);
      expect(await valueFrom('return (function* () { while (true) yield 1 })()')).toEqual({});
    });

    test('is held to 8 MiB together with all that it passed to setState', async () => {
      const message = 'OUTPUT_TOO_LARGE: The code passed more than 8 MiB of JSON to setState.';
      expect(await failureOf('setState({ a: "x".repeat(9e6) })')).toBe(message);
      expect(await failureOf('for (let i = 0; i < 30; i++) setState({ ["k" + i]: "x".repeat(1e6) })')).toBe(message);
      expect(await valueFrom('for (let i = 0; i < 30; i++) setState({ k: "x".repeat(1e6) }); return 1')).toBe(1);
    });

    test('includes what it passed to setState, merged', async () => {
      expect(await host.run('setState({ a: 1, b: 1 }); setState({ b: 2 }); return 3')).toEqual({
        ok: true,
        value: 3,
        setState: { a: 1, b: 2 },
        logs: [],
      });
      expect(await failureOf('setState(1)')).toBe('CODE_ERROR: TypeError: setState takes an object: setState({ key: value })');
      expect(await failureOf('setState({ f() {} })')).toBe('CODE_ERROR: TypeError: setState was given an object whose f is a function');
    });
  });

  // at its limit: src/worker/code-harness/protocol.ts MAX_SCOPE_BYTES
  describe('what a body is given that is too large', () => {
    test('fails the call', async () => {
      const message =
        'OUTPUT_TOO_LARGE: What the code is given (its input, state and the outputs that it reads) is more than 31 MiB of JSON.';
      // The input's quotes are among these.
      const rest = JSON.stringify({ ...EMPTY_SCOPE, input: '' }).length;
      const most = 31 * 1024 * 1024 - rest;
      expect(await valueFrom('return input.length', { inputLength: most })).toBe(most);
      expect(await failureOf('return 1', { inputLength: most + 1 })).toBe(message);
      const wide = Math.floor(31 * 512 * 1024 - rest);
      expect(await valueFrom('return input.length', { inputLength: wide, inputOf: '漢' })).toBe(wide);
      expect(await failureOf('return 1', { inputLength: wide + 1, inputOf: '漢' })).toBe(message);
    });
  });

  describe('what a body throws', () => {
    test('is cut where it is long', async () => {
      const long = await failureOf('throw new Error("x".repeat(1e8))');
      expect(long).toMatch(/^CODE_ERROR: x+…$/);
      expect(long.length).toBeLessThan(17_000);
      expect((await failureOf('throw { list: Array(100).fill("x".repeat(1e6)) }')).length).toBeLessThan(17_000);
    });

    test.each([
      ['throw new Error("boom")', 'boom'],
      ['throw new TypeError("boom")', 'TypeError: boom'],
      ['throw "just text"', 'just text'],
      ['throw { code: 7 }', '{"code":7}'],
      ['throw undefined', 'undefined'],
      ['throw { get message() { throw 1 }, toJSON() { throw 2 } }', 'an error that cannot be read'],
      ['await Promise.reject(new Error("later"))', 'later'],
      ['(function f() { f() })()', 'RangeError: Maximum call stack size exceeded'],
    ])('is its failure: %s', async (body, message) => {
      expect(await host.run(body)).toMatchObject({ ok: false, code: 'CODE_ERROR', message });
    });

    test('names the line of the file on which it was thrown', async () => {
      const outcome = await host.run('const a = 1;\nconst b = null;\n  b.c();');
      expect(outcome).toMatchObject({ ok: false, details: { line: 13, body_line: 3 } });
    });
  });

  describe('the console', () => {
    test('is captured with levels, texts as they are and the rest readable', async () => {
      const body = `
      console.log('text', 1, { a: [true, null, undefined] }, [1n], new Map([['k', 1]]), () => 1);
      console.debug('d'); console.info('i'); console.warn('w'); console.error(new TypeError('e')); console.assert(false, 'no');
      const loop = {}; loop.self = loop; console.log(loop); console.table({}); console.time('x');`;
      const outcome: CodeOutcome = await host.run(body);
      expect(outcome.logs.map(({ level, message }) => `${level} ${message}`)).toEqual([
        'info text 1 {"a":[true,null,undefined]} [1n] Map {"k" => 1} [function (anonymous)]',
        'debug d',
        'info i',
        'warn w',
        'error TypeError: e',
        'error Assertion failed: no',
        'info {"self":[circular]}',
        'info {}',
      ]);
    });

    test('is captured too where a script uses the global one', async () => {
      const outcome = await host.run(
        'globalThis.console.warn("from afar"); await new Promise((r) => setTimeout(r, 1)); self.console.log("later")',
      );
      expect(outcome.logs).toEqual([
        { level: 'warn', message: 'from afar' },
        { level: 'info', message: 'later' },
      ]);
    });

    test('keeps the logs of calls at the same time apart', async () => {
      const bodies = [1, 2, 3].map(
        (n) => `for (let i = 0; i < 3; i++) { globalThis.console.log(${n}); await new Promise((r) => setTimeout(r, 1)); }`,
      );
      const outcomes = await host.runAll(bodies, { together: true });
      expect(outcomes.map(({ logs }) => logs.map(({ message }) => message).join())).toEqual(['1,1,1', '2,2,2', '3,3,3']);
    });

    test('keeps no more than it should of a body that logs without end, and says so', async () => {
      const { logs } = await host.run('for (let i = 0; i < 12000; i++) console.log(i); ');
      expect(logs).toHaveLength(10_001);
      expect(logs.at(-1)).toEqual({ level: 'warn', message: '… and 2000 more lines that were not kept' });
      const long = await host.run('console.log("x".repeat(5e6))');
      expect(long.logs[0]?.message.length).toBeLessThan(1024 * 1024 + 100);
    });

    test('of a body that logs a million lines costs no more than what is kept', async () => {
      const { logs } = await host.run('for (let i = 0; i < 1e6; i++) console.log("line", i, { i }); ');
      expect(logs).toHaveLength(10_001);
      expect(logs.at(-1)?.message).toBe('… and 990000 more lines that were not kept');
    });

    test('is no way for a body to fail, whatever it logs', async () => {
      const { logs } = await host.run(
        `console.log('a', { get b() { throw new Error('no') } }, new Proxy({}, { ownKeys() { throw 1 } }), 'c')`,
      );
      expect(logs).toEqual([{ level: 'info', message: 'a [a value that cannot be read] [a value that cannot be read] c' }]);
    });
  });

  describe('the signal', () => {
    test('is a real AbortSignal that fires in the body when the attempt is over', async () => {
      const body = `
      console.log('begun');
      const why = await new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.aborted)));
      return [why, signal instanceof AbortSignal];`;
      expect(await valueFrom(body, { abortWhenLogged: true, timeoutMs: 30_000 })).toEqual([true, true]);
    });

    test('ends the call of a body that does not heed it, and what was logged is kept', async () => {
      const body = `
      signal.addEventListener('abort', () => console.log('seen'));
      console.log('before');
      await new Promise(() => {});`;
      expect(await host.run(body, { abortWhenLogged: true, timeoutMs: 30_000 })).toMatchObject({
        ok: false,
        code: 'CANCELLED',
        logs: [{ message: 'before' }, { message: 'seen' }],
      });
    });

    test('that fires before the call has begun keeps it from beginning, or ends it at once', async () => {
      expect(await host.run('await new Promise(() => {})', { abortAfterMs: 0, timeoutMs: 30_000 })).toMatchObject({
        ok: false,
        code: 'CANCELLED',
      });
    });

    test('does not fire in other calls', async () => {
      const body = 'await new Promise((r) => setTimeout(r, 5)); return signal.aborted';
      expect((await host.runAll([body, body], { together: true })).map((outcome) => outcome.ok && outcome.value)).toEqual([false, false]);
    });
  });

  describe('isolation', () => {
    test.each([
      ['fetch', 'return (await fetch("http://127.0.0.1:PORT/")).text()'],
      ['fetch by another name', 'return (await globalThis.fetch.call(undefined, new Request("http://127.0.0.1:PORT/"))).text()'],
      [
        'a WebSocket',
        'const w = new WebSocket("ws://127.0.0.1:PORT/"); return new Promise((r) => { w.onopen = () => r("reached"); w.onerror = () => r("no") })',
      ],
      [
        'an EventSource',
        'const e = new EventSource("http://127.0.0.1:PORT/"); await new Promise((r) => { e.onopen = r; e.onerror = r }); return e.readyState',
      ],
      ['the cache', 'return (await (await caches.open("c")).match("http://127.0.0.1:PORT/")) !== undefined && "reached"'],
    ])('a body without `network: true` reaches nothing by %s', async (_, body) => {
      await reachesNothing(body);
    });

    test('says how to allow the network', async () => {
      expect(await failureOf('await fetch("http://example.com/")')).toBe(
        'CODE_ERROR: The code has no network. If it should have, write `network: true` in the config of the agent.',
      );
    });

    test('a body with `network: true` reaches the outside', async () => {
      expect(await valueFrom('return (await fetch("http://example.com/x")).text()', { network: true })).toBe(
        'outside http://example.com/x',
      );
    });

    test.each(['eval("1")', 'new Function("return 1")()', '(async () => {}).constructor("return 1")()', 'setTimeout("1")'])(
      'a body cannot make code from text: %s',
      async (code) => {
        expect(await failureOf(`return ${code}`)).toMatch(/^CODE_ERROR/);
      },
    );

    test.each([
      ['a global', 'globalThis.left = input', 'return globalThis.left'],
      ['an undeclared name', '(0, function () { left = input })()', 'return typeof left === "undefined" ? undefined : left'],
      ['a prototype', 'Object.prototype.left = input', 'return ({}).left'],
      ['the prototype of lists', 'Array.prototype.left = input', 'return [].left'],
      ['a method of the language', 'JSON.parse = () => input', 'return JSON.parse("{}").secret'],
      ['an override of a method', 'Object.prototype.toString = () => input', 'return ({}).toString === undefined || {}.toString().secret'],
      [
        'what makes an override possible',
        'Object.getOwnPropertyDescriptor(Object.prototype, "toString").set.prototype.left = input',
        'return Object.getOwnPropertyDescriptor(Object.prototype, "toString").set.prototype?.left',
      ],
      [
        'what refuses listeners',
        'EventTarget.prototype.addEventListener.prototype.left = input',
        'return EventTarget.prototype.addEventListener.prototype?.left',
      ],
      ['what guards a page', 'HTMLRewriter.prototype.on.prototype.left = input', 'return HTMLRewriter.prototype.on.prototype?.left'],
      ['the languages of the navigator', 'navigator.languages?.push(input.secret)', 'return navigator.languages ?? null'],
      ['an iterator', '[][Symbol.iterator]().__proto__.left = input', 'return [][Symbol.iterator]().left'],
      ['an async generator', '(async function* () {})().__proto__.__proto__.left = input', 'return (async function* () {})().left'],
      ['a class of the platform', 'Request.prototype.left = input', 'return Request.prototype.left'],
      ['an object of the platform', 'crypto.subtle.left = input', 'return crypto.subtle.left'],
      ['the navigator', 'navigator.left = input', 'return navigator.left'],
      ['the console', 'console.left = input; globalThis.console.left = input', 'return console.left ?? globalThis.console.left'],
      ['a function', 'fetch.left = input', 'return fetch.left'],
      [
        'the elements of a page',
        'await new HTMLRewriter().on("a", { element(e) { e.__proto__.left = input } }).transform(new Response("<a>")).text()',
        'let left; await new HTMLRewriter().on("a", { element(e) { left = e.left } }).transform(new Response("<a>")).text(); return left',
      ],
      [
        'the end of an element',
        'await new HTMLRewriter().on("a", { element(e) { e.onEndTag((t) => { t.__proto__.left = input }) } }).transform(new Response("<a></a>")).text().catch(() => 0)',
        'let left; await new HTMLRewriter().on("a", { element(e) { e.onEndTag((t) => { left = t.left }) } }).transform(new Response("<a></a>")).text(); return left',
      ],
      ['the names of headers', 'new Headers().keys().__proto__.left = input', 'return new Headers().keys().left'],
      ['the segments of a text', 'new Intl.Segmenter().segment("").__proto__.left = input', 'return new Intl.Segmenter().segment("").left'],
      ['a stream', 'new ReadableStream().values().__proto__.left = input', 'return new ReadableStream().values().left'],
      [
        'a listener',
        'addEventListener("ask", (e) => { e.answer = input })',
        'const e = new Event("ask"); try { dispatchEvent(e) } catch {} return e.answer',
      ],
      [
        'a borrowed listener',
        'EventTarget.prototype.addEventListener.call(self, "ask", (e) => { e.answer = input })',
        'const e = new Event("ask"); try { EventTarget.prototype.dispatchEvent.call(self, e) } catch {} return e.answer',
      ],
      ['an unhandled rejection', 'self.onunhandledrejection = () => input', 'return self.onunhandledrejection?.().secret'],
      [
        'the last match of a regular expression',
        '/s/.exec(input.secret)',
        'return Reflect.ownKeys(RegExp).filter((key) => typeof key === "string").map((key) => `${key} ${RegExp[key]}`)',
      ],
      ['a stack trace hook', 'Error.prepareStackTrace = () => input', 'return new Error("x").stack.secret'],
    ])('a body leaves nothing to other calls by way of %s', async (_, leave, find) => {
      await leavesNothing(leave, find);
    });

    test('everything that a body can reach and did not make itself is frozen', async () => {
      const body = `
        const made = { f() {}, async af() {}, g: function* () {}, ag: async function* () {}, re: /x/, date: new Date(), map: new Map(), set: new Set(), promise: Promise.resolve(),
          bytes: new Uint8Array(2), view: new DataView(new ArrayBuffer(4)), url: new URL('http://x'), pattern: new URLPattern({}), query: new URLSearchParams('a=b'),
          request: new Request('http://x'), response: new Response('x'), headers: new Headers(), form: new FormData(), blob: new Blob(['x']), event: new Event('x'), target: new EventTarget(),
          controller: new AbortController(), signal, transform: new TransformStream(), zip: new CompressionStream('gzip'), channel: new MessageChannel(), decoder: new TextDecoder(),
          rewriter: new HTMLRewriter(), error: new Error('x'), stack: new DisposableStack(), iterator: [].values(), segmenter: new Intl.Segmenter(), console, setState, text };
        const valuesOf = (object) => Reflect.ownKeys(object).flatMap((key) => {
          const { value, get, set } = Object.getOwnPropertyDescriptor(object, key);
          // navigator.languages is made anew for who reads it.
          const isShared = Object.is(value, Object.getOwnPropertyDescriptor(object, key).value);
          return [[isShared ? value : undefined, key], [get, key], [set, key]];
        });
        const queue = [[globalThis, 'globalThis']], seen = new Set(), unfrozen = [];
        for (const [name, object] of Object.entries(made)) {
          const own = object.prototype;
          for (let at = Object.getPrototypeOf(object); at !== null; at = Object.getPrototypeOf(at)) queue.push([at, name]);
          if (own !== undefined) queue.push([Object.getPrototypeOf(own), name]);
        }
        while (queue.length > 0) {
          const [value, path] = queue.pop();
          if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) continue;
          seen.add(value);
          if (!Object.isFrozen(value)) unfrozen.push(path);
          queue.push([Object.getPrototypeOf(value), path], ...valuesOf(value).map(([item, key]) => [item, path + '.' + String(key)]));
        }
        return [seen.size > 1000, unfrozen];`;
      expect(await valueFrom(body)).toEqual([true, []]);
    });

    test('a body cannot wait on shared memory, and starts no more timers than the platform allows', async () => {
      expect(await failureOf('Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0)')).toMatch(
        /^CODE_ERROR: TypeError: Atomics.wait/,
      );
      expect(await valueFrom('for (let i = 0; i < 4900; i++) setTimeout(() => {}, 1e6); return 1')).toBe(1);
      expect(await failureOf('for (let i = 0; i < 1e5; i++) setTimeout(() => {}, 1e6)')).toMatch(/^CODE_ERROR: QuotaExceededError/);
    });

    test('timers of a call end with it', async () => {
      const body = 'const kept = []; setInterval(() => console.log("late"), 1); return 1';
      const after = 'await new Promise((r) => setTimeout(r, 20)); return 2';
      const [first, second] = await host.runAll([body, after]);
      expect([first?.logs, second?.logs]).toEqual([[], []]);
    });

    test('an HTMLRewriter works as ever', async () => {
      const body = `
      class Links { found = []; element(e) { this.found.push([...e.attributes], e.tagName); e.onEndTag((t) => this.found.push(t.name)); } text(t) { this.found.push(t.text); } }
      const links = new Links();
      const html = await new HTMLRewriter().on('a', links).onDocument({ doctype(d) { links.found.push(d.name) } }).on('b', { element(e) { e.remove() } })
        .transform(new Response('<!doctype html><a href="x">y</a><b>gone</b>')).text();
      return [html, links.found];`;
      expect(await valueFrom(body)).toEqual(['<!doctype html><a href="x">y</a>', ['html', [['href', 'x']], 'a', 'y', '', 'a']]);
    });

    test('ordinary code that overrides inherited names on its own objects still works', async () => {
      const body = `
      class Mine extends Error { constructor(m) { super(m); this.name = 'Mine'; this.message = m + '!'; } }
      const o = {}; o.toString = () => 'o'; o.constructor = 1; o.hasOwnProperty = 2;
      function F() {} F.prototype.toString = () => 'f'; F.toString = () => 'g';
      const l = [1]; l.toString = () => 'l';
      return [String(new Mine('m')), String(o), o.constructor, String(new F()), String(F), String(l), [3, 1].sort(), \`\${{}}\`, [1, 2] + ''];`;
      expect(await valueFrom(body)).toEqual(['Mine: m!', 'o', 1, 'f', 'g', 'l', [1, 3], '[object Object]', '1,2']);
    });
  });

  more({ host: () => host, valueFrom, failureOf, reachesNothing, leavesNothing });
}
