import { openRun } from '../open-run.ts';
import type { AnswerCall } from './call.ts';

export const cancel: AnswerCall<'cancel'> = async ({ run, reason }, env) => {
  return (await openRun(env, run).cancel(reason)) ? { type: 'done' } : { type: 'unknown' };
};

export const answer: AnswerCall<'answer'> = ({ run, agent, answer }, env) => openRun(env, run).answer(agent, answer);
