import type { Host } from '../../node/host.ts';
import type { RunSummary } from '../../program/host-calls.ts';
import { whereOf } from '../run/where-of.ts';
import { UsageProblem } from '../usage-problem.ts';
import { drawRuns } from './draw-runs.ts';

const RUN_ID = /^[0-9a-z]{26}$/;
const PART = /^[0-9a-z]{4,25}$/;
const LATEST = /^latest(?::(.+))?$/s;
const LISTS = 'ensemble runs lists those that there are.';
/** Candidates that a message lists. */
const MOST_LISTED = 10;

/**
 * The id of the run that a command line names: by its id, by how that begins or ends (4 characters or more), as `latest`, or as `latest:ENSEMBLE`. A whole id is taken as it is, whether there is
 * such a run or not.
 * @throws UsageProblem for what names none, or several.
 */
export async function findRun(text: string, host: Host): Promise<string> {
  const name = text.toLowerCase();
  if (RUN_ID.test(name)) return name;
  const latest = LATEST.exec(text);
  if (latest !== null) return findLatest(latest[1], host);
  if (!PART.test(name)) {
    throw new UsageProblem(
      `"${text}" names no run: a run is named by its id, by 4 or more characters that it begins or ends with, by latest, or by latest:ENSEMBLE\n${LISTS}`,
    );
  }
  const { runs } = await host.call('runs', { part: name, limit: MOST_LISTED + 1 });
  const [found, ...others] = runs;
  if (found === undefined) throw new UsageProblem(`there is no run whose id begins or ends with ${name} ${whereOf(host)}\n${LISTS}`);
  if (others.length > 0) throw new UsageProblem(ambiguous(name, runs));
  return found.run;
}

async function findLatest(ensemble: string | undefined, host: Host): Promise<string> {
  const { runs } = await host.call('runs', { ...(ensemble === undefined ? {} : { ensemble }), limit: 1 });
  const [found] = runs;
  if (found !== undefined) return found.run;
  throw new UsageProblem(`there is no run${ensemble === undefined ? '' : ` of ${ensemble}`} ${whereOf(host)} yet\n${LISTS}`);
}

function ambiguous(part: string, runs: readonly RunSummary[]): string {
  const listed = runs.slice(0, MOST_LISTED);
  const more = runs.length > MOST_LISTED ? '\n  …' : '';
  const lines = drawRuns(listed, { now: listed[0]?.last_event_at ?? 0, wholeIds: true }).map((line) => `  ${line}`);
  return `several runs have an id that begins or ends with ${part}; say more of it:\n${lines.join('\n')}${more}`;
}
