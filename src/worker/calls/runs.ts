import { readRuns } from '../read-runs.ts';
import type { AnswerCall } from './call.ts';

export const runs: AnswerCall<'runs'> = async (filter, env) => ({ runs: await readRuns(filter, env) });
