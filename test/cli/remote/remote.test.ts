import { openDeployed } from '../../support/deployed-worker.ts';
import { remoteSuite } from './remote-suite.ts';

remoteSuite(openDeployed);
