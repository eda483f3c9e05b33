import { openDeployed } from '../../support/deployed-worker.ts';
import { webhooksSuite } from './webhooks-suite.ts';

webhooksSuite(openDeployed);
