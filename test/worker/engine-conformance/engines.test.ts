import { openDeployed } from '../../support/deployed-worker.ts';
import { engineSuite } from './engine-suite.ts';

engineSuite(openDeployed);
