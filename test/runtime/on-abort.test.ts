import { describe, expect, test } from 'vitest';
import { onAbort } from '../../src/runtime/on-abort.ts';

describe('waiting for a signal', () => {
  test('calls everyone who still waits, once and in order', () => {
    const controller = new AbortController();
    const called: string[] = [];
    onAbort(controller.signal, () => called.push('a'));
    const forget = onAbort(controller.signal, () => called.push('b'));
    onAbort(controller.signal, () => called.push('c'));
    forget();
    controller.abort();
    controller.abort();
    expect(called).toEqual(['a', 'c']);
  });

  test('lets one who is called take back another', () => {
    const controller = new AbortController();
    const called: string[] = [];
    let forget = (): void => undefined;
    onAbort(controller.signal, () => forget());
    forget = onAbort(controller.signal, () => called.push('late'));
    controller.abort();
    expect(called).toEqual([]);
  });

  test('keeps signals apart', () => {
    const [one, other] = [new AbortController(), new AbortController()];
    let called = 0;
    onAbort(one.signal, () => {
      called += 1;
    });
    other.abort();
    expect(called).toBe(0);
    one.abort();
    expect(called).toBe(1);
  });
});
