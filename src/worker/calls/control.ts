import { listAlive } from '../alive-runs.ts';
import { openRun } from '../open-run.ts';
import type { AnswerCall } from './call.ts';

export const start: AnswerCall<'start'> = (ask, env) => openRun(env, ask.request.run).start(JSON.stringify(ask));

export const cancel: AnswerCall<'cancel'> = ({ run, reason }, env) => openRun(env, run).cancel(reason);

export const answer: AnswerCall<'answer'> = ({ run, agent, answer }, env) => openRun(env, run).answer(agent, answer);

export const alive: AnswerCall<'alive'> = async () => listAlive();
