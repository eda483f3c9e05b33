import { describe } from 'vitest';
import type { OpenDeployed } from '../support/deployed-worker.ts';
import { openFromWrangler } from '../support/wrangler-output.ts';
import { apiKeysSuite } from '../worker/auth/api-keys-suite.ts';
import { deployedCodeSuite } from '../worker/code/deployed-code-suite.ts';
import { httpSuite } from '../worker/http/http-suite.ts';
import { networkGuardSuite } from '../worker/network-guard-suite.ts';
import { cronTriggersSuite } from '../worker/triggers/cron-triggers-suite.ts';
import { emailTriggersSuite } from '../worker/triggers/email-triggers-suite.ts';
import { httpTriggersSuite } from '../worker/triggers/http-triggers-suite.ts';
import { queueTriggersSuite } from '../worker/triggers/queue-triggers-suite.ts';
import { webhooksSuite } from '../worker/triggers/webhooks-suite.ts';

const SUITES: Readonly<Record<string, (open: OpenDeployed) => void>> = {
  'the HTTP API': httpSuite,
  keys: apiKeysSuite,
  'http triggers': httpTriggersSuite,
  webhooks: webhooksSuite,
  'cron triggers': cronTriggersSuite,
  'queue triggers': queueTriggersSuite,
  'email triggers': emailTriggersSuite,
  'code agents': deployedCodeSuite,
  'the guard of the network': networkGuardSuite,
};

/* The files that wrangler would upload, started in workerd, under all that a deployed Worker is held to. The engines have a file of their own: wrangler-engines.test.ts. */
describe.each(Object.entries(SUITES))('in what wrangler deploys, %s', (_, suite) => {
  suite(openFromWrangler);
});
