import { openDeployed } from '../../support/deployed-worker.ts';
import { httpSuite } from './http-suite.ts';

httpSuite(openDeployed);
