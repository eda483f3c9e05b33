import { openDeployed } from '../../support/deployed-worker.ts';
import { cronTriggersSuite } from './cron-triggers-suite.ts';

cronTriggersSuite(openDeployed);
