import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type CodeMarks, readMarks } from '../../src/program/code-marks.ts';
import { CallMarks } from '../../src/worker/call-marks.ts';
import { fc } from '../support/fast-check.ts';

const lines: string[] = [];
let marks: CallMarks;
beforeEach(() => {
  lines.length = 0;
  marks = new CallMarks('secret', (line) => lines.push(line));
});

const heard = (): (CodeMarks | undefined)[] => lines.splice(0).map((line) => readMarks('secret', line));
const call = (agent: string, timeoutMs?: number) => ({ run: 'r', agent, ...(timeoutMs === undefined ? {} : { limitMs: timeoutMs }) });

describe('CallMarks', () => {
  test('tells a watched call before it begins and when it is over', () => {
    const over = marks.begin(call('a'), true);
    expect(heard()).toEqual([{ calls: 1, only: call('a'), untimed: true }]);
    over();
    expect(heard()).toEqual([{ calls: 0 }]);
    over();
    expect(heard()).toEqual([]);
  });

  test('tells nothing of calls that are not watched, while none is', () => {
    marks.begin(call('a'), false)();
    marks.begin(call('a'), false)();
    expect(heard()).toEqual([]);
  });

  test('tells all that is in flight as long as a watched call is', () => {
    const quick = marks.begin(call('quick'), false);
    const watched = marks.begin(call('watched'), true);
    const other = marks.begin(call('other'), false);
    quick();
    watched();
    other();
    expect(heard()).toEqual([{ calls: 2, untimed: true }, { calls: 3, untimed: true }, { calls: 2, untimed: true }, { calls: 0 }]);
  });

  test('tells how long the first of them has', () => {
    vi.useFakeTimers({ now: 1_000 });
    try {
      const slow = marks.begin(call('slow', 5_000), true);
      vi.setSystemTime(2_000);
      marks.begin(call('soon', 4_500), true);
      vi.setSystemTime(9_000);
      slow();
      expect(heard()).toEqual([
        { calls: 1, only: call('slow', 5_000), dueInMs: 5_000 },
        { calls: 2, dueInMs: 4_000 },
        { calls: 1, only: call('soon', 4_500), dueInMs: 0 },
      ]);
    } finally {
      vi.useRealTimers();
    }
  });

  test('what was said last is exact unless it is "none", however calls begin and end', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(6)), { maxLength: 60 }), (steps) => {
        lines.length = 0;
        const told = new CallMarks('secret', (line) => lines.push(line));
        const inFlight: { agent: string; watched: boolean; over: () => void }[] = [];
        let last: CodeMarks | undefined;
        steps.forEach(([watched, pick], index) => {
          const ended = pick < inFlight.length ? inFlight.splice(pick, 1)[0] : undefined;
          if (ended === undefined) inFlight.push({ agent: `a${index}`, watched, over: told.begin(call(`a${index}`), watched) });
          else ended.over();
          last = lines.length === 0 ? last : readMarks('secret', lines.at(-1) ?? '');
          const exact = inFlight.some((one) => one.watched);
          expect(last?.calls ?? 0).toBe(exact ? inFlight.length : 0);
          expect(last?.only?.agent).toBe(exact && inFlight.length === 1 ? inFlight[0]?.agent : undefined);
        });
      }),
    );
  });
});
