import { getOwn } from '../../own-property.ts';
import type { Operation } from '../operation.ts';
import { d1 } from './d1.ts';
import { findStore } from './find-store.ts';

/** LANGUAGE §5 `data`: SQL on the database that `backend` says; `d1` is the only one, and the default. */
export const data: Operation = {
  name: 'data',
  effect: true,
  taints: false,
  async run(config, context) {
    const store = getOwn(config, 'backend') === undefined ? d1 : findStore('data', 'backend', [d1], config);
    return { output: await store.run(config, context) };
  },
};
