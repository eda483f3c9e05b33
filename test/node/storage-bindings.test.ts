import { describe, expect, test } from 'vitest';
import { missingNeeds, resolveStorageBindings, unconfiguredNames } from '../../src/node/storage-bindings.ts';
import { EMPTY_WRANGLER_CONFIG } from '../../src/node/wrangler/wrangler-config.ts';

const configured = {
  ...EMPTY_WRANGLER_CONFIG,
  kv: [
    { binding: 'STORE', id: 'abc' },
    { binding: 'CACHE', id: 'c' },
  ],
};

describe('resolveStorageBindings', () => {
  test('without a configuration KV, DB and BUCKET are there for a program that needs their kind', () => {
    expect(resolveStorageBindings([{ kind: 'kv' }, { kind: 'd1' }, { kind: 'r2' }], EMPTY_WRANGLER_CONFIG)).toEqual({
      kv: [{ binding: 'KV', id: 'KV' }],
      d1: [{ binding: 'DB', id: 'DB' }],
      r2: [{ binding: 'BUCKET', id: 'BUCKET' }],
    });
  });

  test('kinds that the program does not need stay away', () => {
    expect(resolveStorageBindings([{ kind: 'd1' }], configured).kv).toEqual([]);
  });

  test('configured ones come in their order, names that only the program mentions after them', () => {
    const bindings = resolveStorageBindings([{ kind: 'kv' }, { kind: 'kv', name: 'CACHE' }, { kind: 'kv', name: 'OTHER' }], configured);
    expect(bindings.kv.map(({ binding }) => binding)).toEqual(['STORE', 'CACHE', 'OTHER']);
    expect(unconfiguredNames(bindings, configured)).toEqual(['OTHER']);
  });

  test('what a later program needs besides is told', () => {
    const bindings = resolveStorageBindings([{ kind: 'kv' }], configured);
    expect(missingNeeds([{ kind: 'kv', name: 'CACHE' }, { kind: 'durable-object' }], bindings)).toEqual([]);
    expect(missingNeeds([{ kind: 'kv', name: 'OTHER' }, { kind: 'd1' }], bindings)).toEqual([
      { kind: 'kv', name: 'OTHER' },
      { kind: 'd1' },
    ]);
  });
});
