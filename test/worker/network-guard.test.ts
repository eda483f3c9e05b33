import { openDeployed } from '../support/deployed-worker.ts';
import { networkGuardSuite } from './network-guard-suite.ts';

networkGuardSuite(openDeployed);
