import { answerApproval } from './approvals.ts';
import { postState } from './ask-state.ts';
import { controlRoutes, signalRun } from './control.ts';
import { getEnsemble, listEnsembles } from './ensembles.ts';
import { getEvents } from './events.ts';
import { getOpenApi } from './openapi.ts';
import type { Route } from './route.ts';
import { getProgram, getRun, listRuns } from './runs.ts';
import { startRun } from './start-run.ts';
import { getState, getStateDiff, getStateHistory, listState } from './state.ts';
import { getStatistics } from './statistics.ts';

/** All that the API answers. */
export const ROUTES: readonly Route[] = [
  getOpenApi,
  listEnsembles,
  getEnsemble,
  startRun,
  listRuns,
  getRun,
  getEvents,
  getProgram,
  ...controlRoutes,
  answerApproval,
  signalRun,
  getStatistics,
  listState,
  postState,
  getState,
  getStateHistory,
  getStateDiff,
];
