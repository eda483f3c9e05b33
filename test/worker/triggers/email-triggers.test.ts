import { openDeployed } from '../../support/deployed-worker.ts';
import { emailTriggersSuite } from './email-triggers-suite.ts';

emailTriggersSuite(openDeployed);
