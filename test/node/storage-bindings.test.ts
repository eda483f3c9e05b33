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

  test('a name that is storage of another kind is refused, not replaced', () => {
    expect(() => resolveStorageBindings([{ kind: 'd1', name: 'STORE' }], configured)).toThrow(
      'the binding STORE is a KV namespace in the wrangler configuration, but an agent uses it as a D1 database',
    );
    const both = [{ kind: 'kv', name: 'X' } as const, { kind: 'r2', name: 'X' } as const];
    expect(() => resolveStorageBindings(both, EMPTY_WRANGLER_CONFIG)).toThrow(
      'the binding X is a KV namespace, but an agent uses it as an R2 bucket',
    );
  });

  test.each(['ENSEMBLE_RUNS', 'ENSEMBLE_STATES', 'ENSEMBLE_LOADER', '__proto__'])(
    'no storage takes the name %s of the Worker itself',
    (name) => {
      expect(() => resolveStorageBindings([{ kind: 'kv', name }], EMPTY_WRANGLER_CONFIG)).toThrow(`no storage may be called ${name}`);
    },
  );

  test.each(['constructor', 'toString', 'a b', 'q"x'])('a name like %j is one as any other', (name) => {
    expect(resolveStorageBindings([{ kind: 'kv', name }], EMPTY_WRANGLER_CONFIG).kv.at(-1)).toEqual({ binding: name, id: name });
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
