import type { RunEvent } from '../../../program/run-event.ts';
import type { Clock } from '../../ports.ts';
import type { RecordedRun } from './recorded-run.ts';

/** A time in which no process ran the run although something was at work, until it was resumed. */
interface Away {
  /** Epoch ms. */
  readonly until: number;
  readonly ms: number;
}

/**
 * The clock of what bounds work: it stands still while no process runs the run. Who is out of time is so by its own work, not because a process ended in the meantime, perhaps through the code
 * of another run. Where nothing was at work but waits, nothing was lost: that time counts. `clock` is the one that a resumed run sees; without a `record` they are the same.
 */
export function createWorkClock(clock: Clock, recorded: readonly RunEvent[], record: RecordedRun | undefined): Clock {
  if (record === undefined) return clock;
  const { times, isWaiting } = listTimesAway(recorded);
  const lastAt = recorded.at(-1)?.at ?? 0;
  /** The last of them. Whatever began in the record and is bounded asks as soon as the record is used up. */
  let last: number | undefined;
  const now = (): number => {
    const at = clock.now();
    let away = 0;
    for (const { until, ms } of times) if (until <= at) away += ms;
    if (!record.isLive) return at - away;
    last ??= isWaiting ? 0 : Math.max(0, at - lastAt);
    return at - away - last;
  };
  return {
    now,
    async sleep(ms, signal) {
      if (record.isLive) return clock.sleep(ms, signal);
      const until = now() + ms;
      await record.live(signal);
      return clock.sleep(Math.max(0, until - now()), signal);
    },
  };
}

const FILES: ReadonlySet<string> = new Set(['agent', 'ensemble']);

/** `isWaiting`: nothing but waits is at work at the end. */
function listTimesAway(recorded: readonly RunEvent[]): { readonly times: readonly Away[]; readonly isWaiting: boolean } {
  const times: Away[] = [];
  /** Agents at work that run no file, and whether they wait. */
  const agents = new Map<string, boolean>();
  const isWaiting = (): boolean => agents.size > 0 && [...agents.values()].every((waits) => waits);
  let before: number | undefined;
  for (const event of recorded) {
    switch (event.type) {
      case 'agent.started':
        if (!FILES.has(event.operation)) agents.set(event.agent, false);
        break;
      case 'run.waiting':
        agents.set(event.agent, true);
        break;
      case 'agent.finished':
      case 'agent.failed':
        agents.delete(event.agent);
        break;
      case 'run.resumed':
      case 'run.forked':
        if (before !== undefined && !isWaiting()) times.push({ until: event.at, ms: Math.max(0, event.at - before) });
        break;
      default:
    }
    before = event.at;
  }
  return { times, isWaiting: isWaiting() };
}
