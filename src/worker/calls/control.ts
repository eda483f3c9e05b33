import { listAlive } from '../alive-runs.ts';
import { openRun } from '../open-run.ts';
import type { AnswerCall } from './call.ts';

export const start: AnswerCall<'start'> = (ask, env) => openRun(env, ask.request.run).start(JSON.stringify(ask));

export const cancel: AnswerCall<'cancel'> = ({ run, reason }, env) => openRun(env, run).cancel(reason);

export const pause: AnswerCall<'pause'> = ({ run, reason }, env) => openRun(env, run).pause(reason);

export const resume: AnswerCall<'resume'> = ({ run, ...ask }, env) => openRun(env, run).resume(JSON.stringify(ask));

export const answer: AnswerCall<'answer'> = ({ run, agent, answer }, env) => openRun(env, run).answer(agent, JSON.stringify(answer));

export const signal: AnswerCall<'signal'> = ({ run, name, data }, env) => {
  return openRun(env, run).signal(name, data === undefined ? undefined : JSON.stringify(data));
};

export const alive: AnswerCall<'alive'> = async () => listAlive();
