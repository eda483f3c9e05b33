import { openDeployed } from '../../support/deployed-worker.ts';
import { queueTriggersSuite } from './queue-triggers-suite.ts';

queueTriggersSuite(openDeployed);
