import { listAlive, listGone } from '../alive-runs.ts';
import { openRun } from '../open-run.ts';
import type { AnswerCall } from './call.ts';

/** An object that was told to end closes its files right after it has answered (measured: within 2 ms). */
const CLOSES_WITHIN_MS = 5;

export const settle: AnswerCall<'settle'> = async (_ask, env) => {
  const gone = listGone();
  const { working, waiting } = listAlive();
  // The host ends in good order: that these do not get further is not their doing.
  await Promise.all([...working, ...waiting].map((run) => openRun(env, run).excuse()));
  await Promise.all(
    gone.map((run) =>
      openRun(env, run)
        .settle()
        .catch(() => undefined),
    ),
  );
  if (gone.length > 0) await scheduler.wait(CLOSES_WITHIN_MS);
  return {};
};
