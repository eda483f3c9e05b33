import { describe, expect, test, vi } from 'vitest';
import { svg } from '../../src/cli/graph/svg.ts';
import { REPORTERS } from '../../src/cli/reporters/index.ts';
import { ItemRecorder } from '../../src/cli/run/item-recorder.ts';
import { ShapeRecorder } from '../../src/cli/run/shape-recorder.ts';
import { composeEmail } from '../../src/cli/trigger/compose-email.ts';
import { UsageProblem } from '../../src/cli/usage-problem.ts';
import { threadsFor } from '../../src/cli/validate/check-in-parallel.ts';
import { fixSource } from '../../src/cli/validate/fix-source.ts';
import type { Linter } from '../../src/language/lint.ts';
import type { SourceFile } from '../../src/language/project-index.ts';
import type { EventBody } from '../../src/program/run-event.ts';
import type { ValueShape } from '../../src/program/value-shape.ts';
import { atLimit, figureOf } from '../support/at-limit.ts';
import { agentNode, graphWith } from './graph/support.ts';
import { agentFailed, agentFinished, agentStarted, numberEvents } from './support/events.ts';
import { createFakeIo } from './support/fake-io.ts';
import { programOf } from './support/program-of.ts';
import { runMain } from './support/run-main.ts';
import { renderScreen } from './support/screen.ts';

const renderString = vi.hoisted(() => vi.fn((source: string) => source));
vi.mock('@viz-js/viz', () => ({ instance: async () => ({ renderString }) }));

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
const NO_REPORTER = { event: () => undefined, notice: () => undefined, close: () => undefined };

describe('the port of "dev"', () => {
  // With --help what is given is read, and nothing is served.
  const served = (port: number) => runMain(['dev', '--port', String(port), '--help']);
  atLimit('src/cli/commands/dev.ts MAX_PORT', {
    within: async (port) => expect(await served(port)).toMatchObject({ code: 0, stderr: '' }),
    beyond: async (port) =>
      expect(await served(port)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(`--port is a number from 0 to ${port - 1}, not "${port}"`),
      }),
  });
});

describe('a picture', () => {
  /** Of agents one below the other: each is on a row of its own. */
  const isEasy = async (rows: number) => (await drawn(rows)).includes('nslimit1=1');
  const drawn = (rows: number) => svg.render(graphWith(range(rows).map((index) => agentNode(`a${index}`)))) as Promise<string>;
  atLimit('src/cli/graph/svg.ts MAX_ROWS_AT_FULL_EFFORT', {
    within: async (rows) => expect(await isEasy(rows)).toBe(false),
    beyond: async (rows) => expect(await isEasy(rows)).toBe(true),
  });
  atLimit('src/cli/graph/svg.ts MAX_ROWS', {
    within: async (rows) => expect(await isEasy(rows)).toBe(true),
    beyond: (rows) => expect(drawn(rows)).rejects.toThrow(UsageProblem),
  });
});

describe('the agents at work on a terminal', () => {
  const screen = (count: number) => {
    const io = createFakeIo({ tty: true, env: { NO_COLOR: '1' } });
    const reporter = REPORTERS.live(io);
    for (const event of numberEvents(range(count).map((index) => agentStarted(`a${index}`)))) reporter.event(event);
    io.advance(80);
    const lines = renderScreen(io.stderr.text, 80);
    reporter.close();
    return [lines.length, lines.at(-1)];
  };
  atLimit('src/cli/reporters/live.ts MOST_ROWS', {
    within: (count) => expect(screen(count)).toEqual([count, expect.stringContaining(`a${count - 1}  http`)]),
    beyond: (count) => expect(screen(count)).toEqual([count - 1, '  and 2 more']),
  });
});

describe('what is kept of a run for the people who look at it', () => {
  const program = programOf(
    'ensemble: e\nagents:\n  - { name: list, operation: transform, config: { value: 1 } }\n  - name: each\n    type: foreach\n    items: ${[1]}\n    steps: [{ name: part, operation: transform, config: { value: 1 } }]\n',
  );
  /** The items with which the first of so many parts failed. */
  const itemsOfFirst = (failures: number) => {
    const recorder = new ItemRecorder(program, NO_REPORTER);
    const loop: EventBody = { type: 'step.started', step: 'each', kind: 'foreach', items: [...range(failures)] };
    for (const event of numberEvents([loop, ...range(failures).map((index) => agentFailed(`part[${index}]`))])) recorder.event(event);
    return [recorder.itemsOf('part[0]').length, recorder.itemsOf(`part[${failures - 1}]`).length];
  };
  atLimit('src/cli/run/item-recorder.ts MOST_FAILURES', {
    within: (failures) => expect(itemsOfFirst(failures)).toEqual([1, 1]),
    beyond: (failures) => expect(itemsOfFirst(failures)).toEqual([0, 1]),
  });

  const shapes = (...bodies: readonly EventBody[]) => {
    const recorder = new ShapeRecorder(program, NO_REPORTER);
    for (const event of numberEvents(bodies)) recorder.event(event);
    return recorder.shapes().get('ensembles/e.yaml');
  };
  const letters = (index: number) => String(index).replaceAll(/\d/g, (digit) => 'abcdefghij'.charAt(Number(digit)));
  const stateOf = (names: number, value: number | readonly number[]): EventBody => ({
    type: 'state.loaded',
    scope: 'e',
    backend: 'memory',
    values: Object.fromEntries(range(names).map((index) => [letters(index), value])) as never,
  });
  const named = (names: number) => Object.keys(shapes(stateOf(names, 1))?.state ?? {}).length;
  atLimit('src/cli/run/shape-recorder.ts MAX_NAMES', {
    within: (names) => expect(named(names)).toBe(names),
    beyond: (names) => expect(named(names)).toBe(names - 1),
  });
  /** What is known of the last of so many values of one output: an object of objects. */
  const lastOf = (values: number) => {
    const widths = range(Math.ceil((values - 1) / 30)).map((index) => Math.min(29, values - 2 - 30 * index));
    const output = Object.fromEntries(
      widths.map((width, index) => [letters(index), Object.fromEntries(range(width).map((at) => [letters(at), 1]))]),
    );
    let shape: ValueShape | undefined = shapes(agentFinished('list', { output }))?.agents.list;
    while (shape?.kind === 'object') shape = Object.values(shape.properties).at(-1);
    return shape?.kind;
  };
  atLimit('src/cli/run/shape-recorder.ts MAX_VALUES_EACH', {
    within: (values) => expect(lastOf(values)).toBe('number'),
    beyond: (values) => expect(lastOf(values)).toBe('unknown'),
  });
  // A list of twenty is 21 values, and the last output is one more.
  const recorded = (values: number) => {
    const others = stateOf(Math.floor((values - 1) / 21), range(20));
    return shapes(others, agentFinished('list', { output: range(((values - 1) % 21) - 1) as never }), agentFinished('list', { output: 1 }))
      ?.agents.list;
  };
  atLimit('src/cli/run/shape-recorder.ts MAX_VALUES', {
    within: (values) => expect(recorded(values)).toMatchObject({ kind: 'union' }),
    beyond: (values) => expect(recorded(values)).toMatchObject({ kind: 'list' }),
  });
});

describe('fixes that bring out others', () => {
  /** How many of so many are made. */
  const made = (fixes: number) => {
    const span = { file: 'a.yaml', start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 };
    const lint = ({ text }: SourceFile) =>
      text.length < fixes ? [{ code: 'text-repair', severity: 'warning', message: 'm', span, fix: { start: 0, end: 0, text: '#' } }] : [];
    return fixSource({ path: 'a.yaml', text: '' }, { lint } as unknown as Linter).fixed;
  };
  atLimit('src/cli/validate/fix-source.ts MAX_ROUNDS', {
    within: (fixes) => expect(made(fixes)).toBe(fixes),
    beyond: (fixes) => expect(made(fixes)).toBe(fixes - 1),
  });
});

describe('threads that check files', () => {
  const files = figureOf('src/cli/validate/check-in-parallel.ts MIN_OF_A_THREAD');
  atLimit('src/cli/validate/check-in-parallel.ts MIN_OF_A_THREAD', {
    within: (each) => expect(threadsFor(2 * each, 8)).toBe(2),
    beyond: (each) => expect(threadsFor(2 * each, 8)).toBe(1),
  });
  atLimit('src/cli/validate/check-in-parallel.ts MAX_THREADS', {
    within: (threads) =>
      expect([threadsFor(files * threads, threads), threadsFor(files * threads - 1, threads)]).toEqual([threads, threads - 1]),
    beyond: (threads) => expect(threadsFor(files * threads, threads)).toBe(threads - 1),
  });
});

describe('an email that is composed', () => {
  const mail = (subject: string, text: string) =>
    composeEmail({ from: 'a@x.example', to: 'b@x.example', at: 0, subject, text }).split('\r\n');
  const textLines = (length: number) => mail('s', 'x'.repeat((length * 3) / 4)).slice(9, -1);
  atLimit('src/cli/trigger/compose-email.ts LINE_LENGTH', {
    within: (length) => expect(textLines(length).map((line) => line.length)).toEqual([length]),
    beyond: (length) => expect(textLines(length + 3).map((line) => line.length)).toEqual([length - 1, 4]),
  });
  // Two bytes a character, and one of one.
  const words = (bytes: number) =>
    mail(`${'é'.repeat(Math.floor(bytes / 2))}${'x'.repeat(bytes % 2)}`, '').filter((line) => line.includes('=?utf-8?B?'));
  atLimit('src/cli/trigger/compose-email.ts WORD_BYTES', {
    within: (bytes) => expect(words(bytes)).toHaveLength(1),
    beyond: (bytes) => expect(words(bytes)).toHaveLength(2),
  });

  test('keeps all of its lines as short as mail may have them', () => {
    expect(Math.max(...mail('é'.repeat(300), 'x'.repeat(300)).map((line) => line.length))).toBeLessThanOrEqual(76);
  });
});
