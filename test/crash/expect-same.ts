import assert from 'node:assert/strict';
import type { JsonObject, JsonValue } from '../../src/program/json.ts';
import { type Crash, type CrashedRun, RUN } from './crash-run.ts';

/** Each try of the file that fails once runs its steps anew, under the same keys. */
const RUN_ANEW = /^retried-file\//;

/** The crashed run ended as the whole one did, in every way that its author can see, and did nothing again that it knew to be over. */
export function expectSameEnd(crashed: CrashedRun, whole: CrashedRun): void {
  assert.deepEqual(endOf(crashed), endOf(whole));
  assert.deepEqual([...crashed.effects.keys()].sort(), [...whole.effects.keys()].sort());
  expectFinishedOnce(crashed);
}

function endOf({ status, output, stored }: CrashedRun): JsonValue {
  return inAnyOrder({ status, output: output ?? null, stored });
}

/** Who writes each change at once does so in the order in which agents end, which is chance where they run side by side. */
function inAnyOrder(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value as JsonObject).map(([key, item]): [string, JsonValue] =>
    key === 'log' && Array.isArray(item) ? [key, item.toSorted()] : [key, inAnyOrder(item)],
  );
  return Object.fromEntries(entries);
}

function expectFinishedOnce({ events, effects, crashes }: CrashedRun): void {
  const over = new Set<string>();
  let resumedAfter: Crash | undefined;
  for (const event of events) {
    if (event.type === 'run.resumed') {
      // A process that ended before its first event of the run has left none.
      const crash = crashes.findLast(({ at }) => at <= event.at);
      assert.ok(
        crash !== undefined && crash !== resumedAfter,
        `resumed without a crash: ${resumesOf(events)} times for ${crashes.length} crashes`,
      );
      resumedAfter = crash;
      for (const agent of over) {
        const key = `${RUN}/${agent}`;
        assert.equal(effects.get(key), crash.effects.get(key), `${agent} was over, and its effect was asked for again`);
      }
    } else if (event.type === 'agent.started' && !RUN_ANEW.test(event.agent)) {
      assert.ok(!over.has(event.agent), `${event.agent} was over, and began again`);
    } else if ((event.type === 'agent.finished' || event.type === 'agent.failed') && !RUN_ANEW.test(event.agent)) {
      over.add(event.agent);
    }
  }
}

const resumesOf = (events: CrashedRun['events']): number => events.filter(({ type }) => type === 'run.resumed').length;
