import { failure } from '../failure.ts';
import { describeValue } from '../schema/describe.ts';
import { Config } from './config.ts';
import type { Operation } from './operation.ts';

/** LANGUAGE §5 `assert`: fails with `ASSERTION` when `that` is falsy (JavaScript's sense: false, 0, empty text, null, missing); otherwise hands back true. */
export const assert: Operation = {
  name: 'assert',
  effect: false,
  taints: false,
  run(given) {
    const config = new Config('assert', given, ['that', 'message']);
    const that = config.raw('that');
    if (that) return { output: true };
    throw failure('ASSERTION', config.text('message') ?? `the assertion does not hold: "that" is ${describeValue(that)}`);
  },
};
