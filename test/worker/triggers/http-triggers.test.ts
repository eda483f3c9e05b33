import { openDeployed } from '../../support/deployed-worker.ts';
import { httpTriggersSuite } from './http-triggers-suite.ts';

httpTriggersSuite(openDeployed);
