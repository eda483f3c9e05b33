import type { DeployCheck } from '../finding.ts';
import { checkAi } from './ai.ts';
import { checkCrons } from './crons.ts';
import { checkEmail } from './email.ts';
import { checkObjects } from './objects.ts';
import { checkQueues } from './queues.ts';
import { checkRateLimit } from './rate-limit.ts';
import { checkStorage } from './storage.ts';
import { checkTools } from './tools.ts';
import { checkVariables } from './variables.ts';
import { checkWorker } from './worker.ts';
import { checkWorkflows } from './workflows.ts';

/** Every check, in the order in which `--fix` writes. */
export const DEPLOY_CHECKS: readonly DeployCheck[] = [
  checkTools,
  checkWorker,
  checkCrons,
  checkVariables,
  checkObjects,
  checkWorkflows,
  checkStorage,
  checkAi,
  checkQueues,
  checkRateLimit,
  checkEmail,
];
