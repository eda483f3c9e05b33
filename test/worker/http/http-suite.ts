import { afterAll, beforeAll, describe } from 'vitest';
import type { DeployedWorker, openDeployed } from '../../support/deployed-worker.ts';
import { ApiClient } from './api-client.ts';
import { API_KEYS, FILES } from './api-project.ts';
import { badRequestCases } from './bad-request-cases.ts';
import { controlCases } from './control-cases.ts';
import { credentialCases } from './credential-cases.ts';
import { eventCases } from './event-cases.ts';
import { readCases } from './read-cases.ts';
import { startCases } from './start-cases.ts';
import { stateCases } from './state-cases.ts';

/** What the cases of the API are asked of. */
export interface ApiUnderTest {
  readonly worker: DeployedWorker;
  readonly api: ApiClient;
}

/** The HTTP API against a deployed Worker, however that was made: all cases share one. */
export function httpSuite(open: typeof openDeployed): void {
  describe('the HTTP API', () => {
    let worker: DeployedWorker;
    let api: ApiClient;
    beforeAll(async () => {
      worker = await open({ files: FILES, vars: { ENSEMBLE_API_KEYS: API_KEYS, TOKEN: 'a-secret-token', HOOK_SECRET: 'hook-0123456789' } });
      api = await ApiClient.open(worker);
    });
    afterAll(() => worker?.[Symbol.asyncDispose]());
    const use = (): ApiUnderTest => ({ worker, api });
    credentialCases(use);
    startCases(use);
    badRequestCases(use);
    readCases(use);
    eventCases(use);
    controlCases(use);
    stateCases(use);
  });
}
