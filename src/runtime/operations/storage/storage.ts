import type { Operation } from '../operation.ts';
import { d1 } from './d1.ts';
import { findStore } from './find-store.ts';
import { kv } from './kv.ts';
import { r2 } from './r2.ts';
import type { Store } from './store.ts';

const STORES: readonly Store[] = [kv, d1, r2];

/** LANGUAGE §5 `storage`: reads and writes KV, D1 and R2, as `type` says. */
export const storage: Operation = {
  name: 'storage',
  effect: true,
  taints: false,
  async run(config, context) {
    return { output: await findStore('storage', 'type', STORES, config).run(config, context) };
  },
};
