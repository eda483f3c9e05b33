import { describe, expect, test } from 'vitest';
import { codeSuite } from './code-suite.ts';

codeSuite('static', ({ host, valueFrom, failureOf, reachesNothing }) => {
  describe('a body that shares the isolate of the Worker', () => {
    test.each([
      [
        'globalThis',
        'return globalThis === self && globalThis.globalThis === globalThis && Object.getPrototypeOf(globalThis) === Object.prototype',
      ],
      [
        '`this` of functions',
        'return [function () { return this }(), await new Promise((r) => setTimeout(function () { r(this) }, 1))].every((t) => t === undefined)',
      ],
      [
        '`this` of intervals',
        'return await new Promise((r) => { const id = setInterval(function () { clearInterval(id); r(this === undefined) }, 1) })',
      ],
      ['`this` of microtasks', 'return await new Promise((r) => queueMicrotask(function () { r(this === undefined) }))'],
      [
        '`this` of a handler of a signal',
        'const c = new AbortController(); let t; c.signal.onabort = function () { t = this }; c.abort(); return t === c.signal',
      ],
      [
        '`this` of a handler of a port',
        'const { port1, port2 } = new MessageChannel(); const t = new Promise((r) => { port1.onmessage = function () { r(this === port1) } }); port2.postMessage(1); return await t',
      ],
      [
        '`this` of the end of an element',
        'let t = 1; await new HTMLRewriter().on("a", { element(e) { e.onEndTag(function () { t = this }) } }).transform(new Response("<a></a>")).text(); return t === undefined',
      ],
      ['`this` of a callback of headers', 'let t = 1; new Headers({ a: "b" }).forEach(function () { t = this }); return t === undefined'],
    ])('does not get hold of its global object by way of %s', async (_, body) => {
      expect(await valueFrom(body)).toBe(true);
    });

    test.each([
      ['the class of one end of a pair', 'new (new WebSocketPair()[0].constructor)("ws://127.0.0.1:PORT/"); return "reached"'],
      ['a beacon', 'return navigator.sendBeacon("http://127.0.0.1:PORT/") && "reached"'],
      [
        'the prototype of the global scope',
        'return (await ServiceWorkerGlobalScope.prototype.fetch("http://127.0.0.1:PORT/")).ok && "reached"',
      ],
      ['an EventSource', 'return (await new Promise((r) => { new EventSource("http://127.0.0.1:PORT/").onopen = r })) && "reached"'],
    ])('reaches nothing without `network: true` by %s', async (_, body) => {
      await reachesNothing(body);
    });

    test('sees no global of the Worker that an isolate would not have', async () => {
      expect(await valueFrom('return [typeof process, typeof Buffer, typeof global, typeof require, typeof somethingElse]')).toEqual(
        Array(5).fill('undefined'),
      );
      expect(await failureOf('somethingElse.x')).toMatch(/^CODE_ERROR: TypeError/);
    });

    test('can stop no timers of other calls', async () => {
      const waits = 'return await new Promise((r) => setTimeout(() => r("woke"), 30))';
      const stops = 'for (let id = 0; id < 1000; id++) { clearTimeout(id); clearInterval(id) } return 1';
      expect(await host().runAll([waits, stops], { together: true })).toMatchObject([{ value: 'woke' }, { value: 1 }]);
    });

    test('may wait for what never happens until its time is over', async () => {
      expect(await failureOf('await new Promise(() => {})', { abortAfterMs: 50, timeoutMs: 30_000 })).toBe(
        'CANCELLED: The call was aborted.',
      );
    });

    test('has no cache, with network too', async () => {
      const message = 'CODE_ERROR: Code that runs as a module of the Worker has no cache.';
      expect(await failureOf('await caches.open("c")', { network: true })).toBe(message);
      expect(await failureOf('await caches.default.match("http://example.com/")', { network: true })).toBe(message);
    });

    test('that is left behind reaches nothing any more', async () => {
      const aborted = 'console.log("begun"); await new Promise((r) => signal.addEventListener("abort", r))';
      const late = `${aborted}; await scheduler.wait(30); await fetch("http://example.com/late")`;
      const wait = 'await fetch("http://example.com/meanwhile"); await scheduler.wait(500); return 1';
      const call = { network: true, together: true, timeoutMs: 30_000, abortWhenLogged: true };
      const before = host().reached.length;
      const [left, other] = await host().runAll([late, wait], call);
      expect([left?.ok, other?.ok]).toEqual([false, true]);
      expect(host().reached.slice(before)).toEqual(['http://example.com/meanwhile']);
    });
  });
});
