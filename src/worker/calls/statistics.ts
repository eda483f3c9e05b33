import { openIndex } from '../open-index.ts';
import { refreshUnfinished } from '../read-runs.ts';
import type { AnswerCall } from './call.ts';

export const statistics: AnswerCall<'statistics'> = async (filter, env) => {
  // Statistics are of runs that are over: those whose last report was lost tell it now.
  await refreshUnfinished(env);
  return (await openIndex(env)?.statistics(filter)) ?? { ensembles: [] };
};
