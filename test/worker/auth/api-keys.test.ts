import { openDeployed } from '../../support/deployed-worker.ts';
import { apiKeysSuite } from './api-keys-suite.ts';

apiKeysSuite(openDeployed);
