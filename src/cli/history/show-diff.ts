import { fold } from '../../runtime/journal/fold.ts';
import type { RunSnapshot } from '../../runtime/journal/run-snapshot.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print-json.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { withHost } from '../run/with-host.ts';
import { alignColumns } from '../terminal/align-columns.ts';
import { formatDuration } from '../terminal/format-duration.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { createPaint, type Paint } from '../terminal/paint.ts';
import { valueLines } from './cut-text.ts';
import type { JsonDifference } from './diff-json.ts';
import { type DurationDifference, diffRuns, type RunDifferences } from './diff-runs.ts';
import { readEvents } from './read-record.ts';

/** Differences that people are shown; a script gets all of them. */
const MOST_SHOWN = 100;
const EXTENT = { lines: 12, columns: 100 } as const;

/**
 * `ensemble diff`: where two runs differ, as JSON pointers with what stands there in each. `done` when they are the same, `problemsInFile` (1, as `diff` has it) when not.
 * @throws UsageProblem when one of them is not there.
 */
export function showDiff(
  runs: readonly [string, string],
  { json }: { readonly json?: boolean },
  io: Io,
  openHost: OpenHost,
): Promise<ExitCode> {
  return withHost(io, openHost, async (host) => {
    const [a, b] = [fold((await readEvents(runs[0], host)).events), fold((await readEvents(runs[1], host)).events)];
    const found = diffRuns(a, b);
    const same = found.differences.length === 0;
    if (json === true) printJson({ before: a.run, after: b.run, same, ...found }, io);
    else io.stdout.write(drawDiff(a, b, found, createPaint(io.stdout, io.env)));
    return same ? EXIT.done : EXIT.problemsInFile;
  });
}

function drawDiff(a: RunSnapshot, b: RunSnapshot, { differences, durations }: RunDifferences, paint: Paint): string {
  const [before = '', after = ''] = alignColumns([
    ['-', ...headOf(a)],
    ['+', ...headOf(b)],
  ]);
  const lines = [
    paint.red(before),
    paint.green(after),
    '',
    ...(differences.length === 0 ? [`the same: ${a.agents.size} agents, their outputs, the state and the output`] : []),
    ...differences.slice(0, MOST_SHOWN).flatMap((difference) => drawDifference(difference, paint)),
    ...moreLine(differences),
    ...drawDurations(durations, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function headOf({ run, ensemble, status, startedAt }: RunSnapshot): readonly string[] {
  return [run, harmlessLine(ensemble), status, new Date(startedAt).toISOString()];
}

function drawDifference({ path, before, after }: JsonDifference, { bold, red, green }: Paint): readonly string[] {
  const side = (sign: string, value: JsonDifference['before'], colour: (text: string) => string) =>
    value === undefined ? [] : valueLines(value, EXTENT).map((line) => colour(`  ${sign} ${line}`));
  return [bold(harmlessLine(path)), ...side('-', before, red), ...side('+', after, green)];
}

function moreLine(all: readonly unknown[]): readonly string[] {
  const left = all.length - MOST_SHOWN;
  return left > 0 ? [`and ${left.toLocaleString('en-US')} more; --json has all of them`] : [];
}

function drawDurations(durations: readonly DurationDifference[], { dim }: Paint): readonly string[] {
  if (durations.length === 0) return [];
  const rows = durations.slice(0, MOST_SHOWN).map(({ agent, before_ms, after_ms }) => {
    return ['', harmlessLine(agent), `${formatDuration(before_ms)} → ${formatDuration(after_ms)}`];
  });
  return ['', dim('took clearly longer, or less long (not counted as a difference)'), ...alignColumns(rows), ...moreLine(durations)];
}
