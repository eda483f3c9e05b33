import fc from 'fast-check';
import { SEED } from './seed.ts';

fc.configureGlobal({ seed: SEED });

/** fast-check that draws the same in each run of the tests (see `SEED`); a property that fails prints its seed. */
export { fc };
