import { describe } from 'vitest';
import { openFromWrangler } from '../support/wrangler-output.ts';
import { engineSuite } from '../worker/engine-conformance/engine-suite.ts';

describe('in what wrangler deploys, both engines', () => {
  engineSuite(openFromWrangler);
});
