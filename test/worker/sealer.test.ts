import { describe, expect, test } from 'vitest';
import { WORKER_BINDINGS } from '../../src/program/host-protocol.ts';
import { openSealer } from '../../src/worker/sealer.ts';
import { atLimit } from '../support/at-limit.ts';

const envOf = (key: string | undefined) => (key === undefined ? {} : { [WORKER_BINDINGS.sealKey]: key });
const keyOf = (fill: number, length = 32) => Buffer.alloc(length, fill).toString('base64');

describe('what is sealed', () => {
  test('opens with the same key at the same place, and nowhere else', async () => {
    const sealer = await openSealer(envOf(keyOf(1)));
    const data = await sealer?.seal('a secret', 'here/1');
    if (sealer === undefined || data === undefined) throw new Error('no sealer');
    expect(await sealer.open(data, 'here/1')).toBe('a secret');
    expect(await sealer.open(data, 'here/2')).toBeUndefined();
    expect(await (await openSealer(envOf(keyOf(2))))?.open(data, 'here/1')).toBeUndefined();
    expect(Buffer.from(data).includes('secret')).toBe(false);
  });

  test('does not open once a bit of it has changed', async () => {
    const sealer = await openSealer(envOf(keyOf(1)));
    const data = (await sealer?.seal('a secret', 'here')) ?? new Uint8Array();
    for (const index of [0, 20, data.length - 1]) {
      const changed = data.slice();
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(await sealer?.open(changed, 'here')).toBeUndefined();
    }
  });

  test('never reads the same twice', async () => {
    const sealer = await openSealer(envOf(keyOf(1)));
    expect(await sealer?.seal('a secret', 'here')).not.toEqual(await sealer?.seal('a secret', 'here'));
  });
});

atLimit('src/worker/sealer.ts KEY_BYTES', {
  within: async (bytes) =>
    expect([await openSealer(envOf(keyOf(1, bytes))), await openSealer(envOf(keyOf(1, bytes - 1)))]).toEqual([
      expect.anything(),
      undefined,
    ]),
  beyond: async (bytes) => expect(await openSealer(envOf(keyOf(1, bytes)))).toBeUndefined(),
});

test.each([undefined, '', 'no base64!', keyOf(1, 16), keyOf(1, 33)])('nothing can be sealed with the key %j', async (key) => {
  expect(await openSealer(envOf(key))).toBeUndefined();
});
