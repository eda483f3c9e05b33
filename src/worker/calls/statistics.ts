import { openIndex } from '../open-index.ts';
import type { AnswerCall } from './call.ts';

export const statistics: AnswerCall<'statistics'> = async (filter, env) => (await openIndex(env)?.statistics(filter)) ?? { ensembles: [] };
