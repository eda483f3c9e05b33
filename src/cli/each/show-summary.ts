import type { Io } from '../io.ts';
import { formatDuration } from '../terminal/format-duration.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { createPaint } from '../terminal/paint.ts';
import type { FailedRow, Tally } from './tally.ts';
import { count, rows } from './words.ts';

export interface BatchEnd {
  /** The results file, as it is shown. */
  readonly results: string;
  /** It did not get to the end of the rows, whether one was at work or not. */
  readonly interrupted: boolean;
  /** The failures only. */
  readonly quiet: boolean;
}

/** How a batch ended, on stderr: the failures, unless there are too many, then the numbers. */
export function showSummary(tally: Tally, { results, interrupted, quiet }: BatchEnd, io: Io): void {
  const { red, green, yellow, bold, dim } = createPaint(io.stderr, io.env);
  const { succeeded, failed, cancelled, waiting } = tally.ended;
  const lines = failureLines(tally.failures, failed, io);
  if (!quiet) {
    const facts = [
      ...(failed === 0 ? [] : [red(`${count(failed)} failed`)]),
      ...(waiting === 0 ? [] : [yellow(`${count(waiting)} waiting`)]),
      ...(cancelled === 0 ? [] : [yellow(`${count(cancelled)} cancelled`)]),
      ...(tally.skipped === 0 ? [] : [`${count(tally.skipped)} done before`]),
    ];
    const sign = failed > 0 ? red('✗') : cancelled > 0 || waiting > 0 || interrupted ? yellow('■') : green('✓');
    const rest = facts.length === 0 ? '' : ` · ${facts.join(' · ')}`;
    lines.push(`${sign} ${bold(`${rows(succeeded)} done`)}${rest} ${dim(`in ${formatDuration(io.now() - tally.startedAt)}`)}`);
    lines.push(dim(`  results in ${harmlessLine(results)}`));
    if (waiting > 0)
      lines.push(dim('  answer those that wait with ensemble approve RUN, then the same command again takes in how they ended'));
  }
  if (lines.length > 0) io.stderr.write(`${lines.join('\n')}\n`);
}

/** The lines of those that are listed, in the order of the rows, then how many more there are. */
export function failureLines(listed: readonly FailedRow[], failed: number, io: Io): string[] {
  const { red, bold, dim } = createPaint(io.stderr, io.env);
  const shown = listed.toSorted((a, b) => a.line - b.line);
  const lines = shown.map(({ line, code, message }) => `${red('✗')} ${bold(`line ${line}`)}  ${code}: ${harmlessLine(message)}`);
  return failed > shown.length ? [...lines, dim(`  and ${count(failed - shown.length)} more`)] : lines;
}
