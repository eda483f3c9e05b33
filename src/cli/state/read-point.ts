import type { Host } from '../../node/host.ts';
import type { ScopePoint } from '../../program/state-calls.ts';
import { findRun } from '../runs/find-run.ts';
import { readMoment } from '../runs/read-moment.ts';
import { UsageProblem } from '../usage-problem.ts';

const VERSION = /^v?(\d{1,10})$/;
const SNAPSHOT = 'snapshot:';
const MOMENT = /^(?:\d{11,}|\d{4}-\d{2}-.*|(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+)$/;

/**
 * The point in the life of a scope that a text means: `12` or `v12` a version, `1h` or a time, `snapshot:NAME`, else a run: `side` says whether the state before it first wrote is meant or after it
 * last did.
 * @throws UsageProblem for what is none of these.
 */
export async function readPoint(
  option: string,
  text: string,
  side: 'before-run' | 'after-run',
  host: Host,
  now: number,
): Promise<ScopePoint> {
  const version = VERSION.exec(text)?.[1];
  if (version !== undefined) return { type: 'version', version: Number(version) };
  if (text.startsWith(SNAPSHOT)) return { type: 'snapshot', name: text.slice(SNAPSHOT.length) };
  if (MOMENT.test(text)) return { type: 'time', at: readMoment(option, text, now) };
  if (text === '') throw new UsageProblem(`${option} takes a duration (1h: so long ago), a time, a version, a run or snapshot:NAME`);
  return { type: side, run: await findRun(text, host) };
}
