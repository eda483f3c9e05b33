import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/program/json.ts';
import type { KvLike } from '../../../src/runtime/ports.ts';
import type { StateBackend } from '../../../src/runtime/state/backend.ts';
import { createDurableObjectBackend } from '../../../src/runtime/state/durable-object-backend.ts';
import { createKvBackend } from '../../../src/runtime/state/kv-backend.ts';
import { packKvMetadata } from '../../../src/runtime/state/kv-metadata.ts';
import type { StateObjectPort } from '../../../src/runtime/state/state-object-port.ts';
import { encodeValue } from '../../../src/runtime/state/stored-text.ts';
import { createVersionedBackend } from '../../../src/runtime/state/versioned-backend.ts';
import type { ScopeReply } from '../../../src/runtime/state/versioned-store.ts';
import { commit } from './conformance-kit.ts';
import { HandClock } from './state-plan.ts';

const write = async (backend: StateBackend, value: JsonValue, scope = 'scope') =>
  commit(backend, scope, await backend.load(scope), { key: { value } });
const refused = (message: string) => ({ failure: { code: 'STATE_BACKEND', message: expect.stringContaining(message) } });

const kv = createKvBackend(
  {
    getWithMetadata: async () => ({ value: null, metadata: null }),
    put: async () => undefined,
  } as Partial<KvLike> as KvLike,
  new HandClock(),
);
const object: StateObjectPort = {
  load: async () => ({ version: 0, keys: [] }),
  commit: async () => ({ type: 'written', version: 1 }),
  history: async () => [],
};

describe('the limits of state', () => {
  // at its limit: src/runtime/state/kv-backend.ts MAX_VALUE_BYTES
  test('kv keeps a scope of 25 MiB', async () => {
    const empty = JSON.stringify({ key: '' }).length;
    const text = 'x'.repeat(25 * 1024 * 1024 - empty);
    expect(await write(kv, text)).toMatchObject({ type: 'committed' });
    await expect(write(kv, `${text}x`)).rejects.toMatchObject(refused('kv keeps at most 26214400'));
  });

  // at its limit: src/runtime/state/kv-backend.ts MAX_KEY_BYTES
  test('kv keeps a scope whose name has 512 bytes', async () => {
    expect(await write(kv, 1, 'é'.repeat(256))).toMatchObject({ type: 'committed' });
    await expect(write(kv, 1, `${'é'.repeat(256)}x`)).rejects.toMatchObject(refused('at most 512 bytes, and this one has 513'));
  });

  // at its limit: src/runtime/state/kv-metadata.ts MAX_METADATA_BYTES
  test('notes of kv beyond 1,024 bytes say less, on the safe side', () => {
    const empty = JSON.stringify({ ensemble: { tainted: [''] } }).length;
    const name = 'x'.repeat(1024 - empty);
    const notes = { writtenAt: {}, validUntil: {} };
    expect(packKvMetadata({ ...notes, tainted: [name] })).toEqual({ ensemble: { tainted: [name] } });
    expect(packKvMetadata({ ...notes, tainted: [`${name}x`] })).toEqual({ ensemble: { tainted: true } });
  });

  // at its limit: src/runtime/state/durable-object-backend.ts MAX_VALUE_BYTES
  test('d1 and durable-object keep 1,990,000 bytes of a key', async () => {
    const text = 'é'.repeat((1_990_000 - 2) / 2);
    const durable = createDurableObjectBackend(
      () => object,
      () => 'id',
    );
    expect(await write(durable, text)).toMatchObject({ type: 'committed' });
    await expect(write(durable, `${text}x`)).rejects.toMatchObject(refused('durable-object keeps at most 1990000 a key'));
    expect(encodeValue('d1', 'scope', 'key', text, 1_990_000)).toHaveLength(text.length + 2);
    expect(() => encodeValue('d1', 'scope', 'key', `${text}x`, 1_990_000)).toThrow('is 1990001 bytes as JSON');
  });

  // at its limit: src/runtime/state/versioned-backend.ts MAX_TRIES
  test.each([
    [499, 'committed'],
    [500, 'STATE_CONFLICT'],
  ])('a commit that loses %i races is %s', async (losses, end) => {
    let lost = 0;
    const present = { version: 0, keys: [] };
    const backend = createVersionedBackend({
      name: 'd1',
      read: async () => present,
      write: async (): Promise<ScopeReply> => (lost++ < losses ? { type: 'changed', present } : { type: 'written', version: 1 }),
    });
    const found = await write(backend, 1).catch((error: { readonly failure?: { readonly code: string } }) => ({
      type: error.failure?.code,
    }));
    expect(found.type).toBe(end);
    expect(lost).toBe(500);
  });
});
