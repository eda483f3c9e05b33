import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { openInput } from '../../src/cli/input.ts';

describe('openInput', () => {
  test('gives one line to each who asks, those typed ahead in order', async () => {
    const stream = new PassThrough();
    const input = openInput(() => stream);
    const { signal } = new AbortController();
    const first = input.line(signal);
    stream.write('one\r\ntwo\nthr');
    expect([await first, await input.line(signal)]).toEqual(['one', 'two']);
    const third = input.line(signal);
    stream.end('ee');
    expect([await third, await input.line(signal)]).toEqual(['three', undefined]);
  });

  test('who gives up leaves the line to the next', async () => {
    const stream = new PassThrough();
    const input = openInput(() => stream);
    const controller = new AbortController();
    const gaveUp = input.line(controller.signal);
    controller.abort();
    expect(await gaveUp).toBe(undefined);
    const next = input.line(new AbortController().signal);
    stream.write('yes\n');
    expect(await next).toBe('yes');
  });
});
