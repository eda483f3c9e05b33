import { openRun } from '../open-run.ts';
import type { AnswerCall } from './call.ts';

export const fork: AnswerCall<'fork'> = (ask, env) => openRun(env, ask.run).fork(JSON.stringify(ask));
