import { describe, expect } from 'vitest';
import { showUnanswered } from '../../src/cli/approvals/show-unanswered.ts';
import { describeBug } from '../../src/cli/describe-bug.ts';
import { createDrawing } from '../../src/cli/graph/drawing.ts';
import { main } from '../../src/cli/main.ts';
import { indent } from '../../src/cli/reporters/wording.ts';
import { listNames } from '../../src/cli/reporters/words.ts';
import { findRun } from '../../src/cli/runs/find-run.ts';
import { drawVerbose, type ShownDetails } from '../../src/cli/show/show-details.ts';
import { createPaint } from '../../src/cli/terminal/paint.ts';
import type { EventBody } from '../../src/program/run-event.ts';
import { atLimit } from '../support/at-limit.ts';
import { hostWith, OTHER, RUN, tell, tellOf } from './history/support.ts';
import { serveRuns, summaryOf } from './runs/summaries.ts';
import { agentFinished, agentStarted, FAILURE, finished, numberEvents, STARTED } from './support/events.ts';
import { createFakeHost } from './support/fake-host.ts';
import { createFakeIo } from './support/fake-io.ts';

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

describe('words', () => {
  const asked = (count: number) => {
    const io = createFakeIo();
    const unanswered = range(count).map((index) => ({ asked: { agent: `a${index}` }, why: 'nobody is there' }));
    showUnanswered(RUN, unanswered as unknown as Parameters<typeof showUnanswered>[1], {}, io);
    const lines = io.stderr.text.split('\n');
    return [lines.filter((line) => line.includes('asks for an approval')).length, lines.find((line) => line.includes('more'))];
  };
  atLimit('src/cli/approvals/show-unanswered.ts MOST_QUESTIONS', {
    within: (count) => expect(asked(count)).toEqual([count, undefined]),
    beyond: (count) => expect(asked(count)).toEqual([count - 1, '  and 1 more']),
  });
  atLimit('src/cli/describe-bug.ts MAX_LENGTH', {
    within: (length) => expect(describeBug('x'.repeat(length))).toBe('x'.repeat(length)),
    beyond: (length) => expect(describeBug('x'.repeat(length))).toBe(`${'x'.repeat(length - 1)}…`),
  });
  const title = (length: number) =>
    createDrawing({ kind: 'ensemble', file: 'e.yaml', name: 'x'.repeat(length), nodes: [], edges: [] }).title;
  atLimit('src/cli/graph/drawing.ts MAX_LINE', {
    within: (length) => expect(title(length)).toBe('x'.repeat(length)),
    beyond: (length) => expect(title(length)).toBe(`${'x'.repeat(length - 2)}…`),
  });
  atLimit('src/cli/reporters/wording.ts MOST_INDENT', {
    within: (depth) => expect(indent(depth)).toHaveLength(2 * depth),
    beyond: (depth) => expect(indent(depth)).toHaveLength(2 * (depth - 1)),
  });
  const listed = (count: number) => listNames(range(count).map(String));
  atLimit('src/cli/reporters/words.ts MOST_NAMES', {
    within: (count) => expect(listed(count)).toBe(range(count).join(', ')),
    beyond: (count) => expect(listed(count)).toBe(`${range(count - 1).join(', ')} and 1 more`),
  });
});

describe('runs', () => {
  const candidates = async (count: number) => {
    const fake = createFakeHost([]);
    serveRuns(
      fake,
      range(count).map((index) => summaryOf(index)),
    );
    const { message } = (await findRun('01m7', await fake.open({ project: { root: '/' } })).catch((error: unknown) => error)) as Error;
    return [message.match(/ {2}01m7/g)?.length, message.endsWith('\n  …')];
  };
  atLimit('src/cli/runs/find-run.ts MOST_LISTED', {
    within: async (count) => expect(await candidates(count)).toEqual([count, false]),
    beyond: async (count) => expect(await candidates(count)).toEqual([count - 1, true]),
  });
  const shown = async (count: number) => {
    const host = createFakeHost([]);
    serveRuns(
      host,
      range(count).map((index) => summaryOf(index)),
    );
    const io = createFakeIo();
    await main(['runs'], io, host.open);
    return [io.stdout.text.trimEnd().split('\n').length - 1, io.stderr.text];
  };
  atLimit('src/cli/runs/show-runs.ts DEFAULT_LIMIT', {
    within: async (count) => expect(await shown(count)).toEqual([count, '']),
    beyond: async (count) => expect(await shown(count)).toEqual([count - 1, 'There are more: --limit N or --all shows them.\n']),
  });
  const diff = async (count: number, durationMs: number) => {
    const story = (value: number): readonly EventBody[] => [
      STARTED,
      ...range(count).flatMap((index) => [
        agentStarted(`a${index}`),
        agentFinished(`a${index}`, { output: value, duration_ms: 10 + value * durationMs }),
      ]),
      finished(),
    ];
    const other = numberEvents(story(1)).map((event) => ({ ...event, run: OTHER }));
    return (await tell(['diff', RUN, OTHER], hostWith({ [RUN]: numberEvents(story(0)), [OTHER]: other }))).stdout.match(/^and .*$/gm);
  };
  atLimit('src/cli/history/show-diff.ts MOST_SHOWN', {
    within: async (count) => expect(await diff(count, 10_000)).toBeNull(),
    // Of the outputs, and of the times that they took.
    beyond: async (count) => expect(await diff(count, 10_000)).toEqual(Array(2).fill('and 1 more; --json has all of them')),
  });
});

describe('a run', () => {
  const show = async (story: readonly EventBody[], ...args: readonly string[]) =>
    (await tellOf([STARTED, ...story, finished()], ['show', RUN, ...args])).stdout;
  const tries = async (failed: number) => {
    const attempts = range(failed).map(
      (index): EventBody => ({ type: 'attempt.failed', agent: 'a', attempt: index + 1, failure: FAILURE, retry_in_ms: 1 }),
    );
    const text = await show([agentStarted('a'), ...attempts, agentFinished('a', { attempts: failed + 1 })]);
    return [text.match(/attempt \d+ failed/g)?.length, /and \d+ attempts? more/.exec(text)?.[0]];
  };
  atLimit('src/cli/show/draw-run.ts MOST_EARLIER', {
    within: async (failed) => expect(await tries(failed)).toEqual([failed, undefined]),
    beyond: async (failed) => expect(await tries(failed)).toEqual([failed - 1, 'and 1 attempt more']),
  });
  const output = async (lines: number) => {
    // The brackets stand on lines of their own; a text that is long keeps each item on its own.
    const { stdout } = await tellOf(
      [STARTED, finished({ output: range(lines - 2).map((index) => `${'x'.repeat(80)}${index}`) })],
      ['show', RUN],
    );
    return stdout.match(/^… .*$/gm);
  };
  atLimit('src/cli/show/draw-run.ts MOST_OUTPUT_LINES', {
    within: async (lines) => expect(await output(lines)).toBeNull(),
    beyond: async (lines) => expect(await output(lines)).toEqual(['… 1 more line; --json has all of it']),
  });
  const agents = async (count: number) => {
    const text = await show(
      range(count).flatMap((index) => [agentStarted(`part[${index}]`), agentFinished(`part[${index}]`)]),
      '--agent',
      'part',
    );
    return [text.match(/^part\[/gm)?.length, text.match(/^and .*$/gm)?.[0]];
  };
  atLimit('src/cli/show/show-details.ts MOST_AGENTS', {
    within: async (count) => expect(await agents(count)).toEqual([count, undefined]),
    beyond: async (count) => expect(await agents(count)).toEqual([count - 1, `and 1 more; name one, as --agent part[${count - 1}]`]),
  });
  const logs = async (count: number) => {
    const told = range(count).map((index): EventBody => ({ type: 'log', agent: 'a', level: 'info', message: `m${index}` }));
    const text = await show([agentStarted('a'), ...told, agentFinished('a')], '--agent', 'a');
    return [text.match(/ info {2}m/g)?.length, /… .*$/m.exec(text)?.[0]];
  };
  atLimit('src/cli/show/draw-details.ts MOST_LOGS', {
    within: async (count) => expect(await logs(count)).toEqual([count, undefined]),
    beyond: async (count) => expect(await logs(count)).toEqual([count - 1, '… 1 more; ensemble logs has them']),
  });
  const note = (count: number) => {
    const details = new Map(range(count).map((index) => [String(index), {}])) as unknown as ShownDetails['details'];
    const io = createFakeIo();
    return drawVerbose({ program: undefined, events: [], details, paint: createPaint(io.stdout, io.env), columns: undefined }).note;
  };
  atLimit('src/cli/show/show-details.ts MOST_GIVEN', {
    within: (count) => expect(note(count)).toBeUndefined(),
    beyond: (count) => expect(note(count)).toContain('is left out; --agent shows it of one'),
  });
});
