import { describe, expect, test } from 'vitest';
import { WORKER_BINDINGS } from '../../src/program/host-protocol.ts';
import { readBindings } from '../../src/worker/bindings.ts';
import { readSecretNames, readVariables } from '../../src/worker/variables.ts';

const methods = (...names: readonly string[]): object => Object.fromEntries(names.map((name) => [name, () => undefined]));
const kv = (): object => methods('get', 'getWithMetadata', 'put', 'delete', 'list');
const d1 = (): object => methods('prepare', 'batch', 'exec');
const r2 = (): object => methods('get', 'head', 'put', 'delete', 'list', 'createMultipartUpload');

describe('the bindings of the Worker', () => {
  const stores = { A: kv(), B: kv(), DB: d1(), FILES: r2(), TEXT: 'x', OTHER: { get: () => 1 } };

  test('are those of the host’s list, the first one by default', () => {
    const bindings = readBindings({ ...stores, [WORKER_BINDINGS.bindings]: '{"kv":["B","A"],"d1":["DB"],"r2":[]}' });
    expect(bindings.kv()).toBe(stores.B);
    expect(bindings.kv('A')).toBe(stores.A);
    expect(bindings.d1()).toBe(stores.DB);
    expect(bindings.r2()).toBeUndefined();
    expect(bindings.names('kv')).toEqual(['B', 'A']);
  });

  test('are told by their methods where there is no list', () => {
    const bindings = readBindings(stores);
    expect([bindings.names('kv'), bindings.names('d1'), bindings.names('r2')]).toEqual([['A', 'B'], ['DB'], ['FILES']]);
    expect(bindings.kv()).toBe(stores.A);
  });

  test('are never something of another kind or of the worker’s own', () => {
    const bindings = readBindings(stores);
    expect(bindings.kv('DB')).toBeUndefined();
    expect(bindings.d1('TEXT')).toBeUndefined();
    expect(bindings.kv('constructor')).toBeUndefined();
    expect(bindings.ai()).toBeUndefined();
  });
});

describe('the variables of the Worker', () => {
  test('are all texts but its own', () => {
    const env = { REGION: 'eu', KV: kv(), [WORKER_BINDINGS.hostToken]: 't', [WORKER_BINDINGS.secrets]: '["KEY"]', KEY: 'k' };
    expect(readVariables(env)).toEqual({ REGION: 'eu', KEY: 'k' });
    expect(readSecretNames(env)).toEqual(['KEY']);
    expect(readSecretNames({})).toEqual([]);
  });
});
