import { describe } from 'vitest';
import { openFromWrangler } from '../support/wrangler-output.ts';
import { httpTriggersSuite } from '../worker/triggers/http-triggers-suite.ts';

/* What wrangler would upload, run by the suites of what a deployed Worker answers. */

describe('what wrangler deploys', () => {
  httpTriggersSuite(openFromWrangler);
});
