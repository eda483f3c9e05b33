import type { Program } from '../../program/program.ts';
import type { Output } from '../io.ts';
import type { Paint } from '../terminal/paint.ts';
import type { Reporter } from './reporter.ts';
import { Wording } from './wording.ts';

/** Often enough to see that it goes on, seldom enough for a log that is kept. */
const PROGRESS_MS = 5_000;

/** A line for each thing that happens, as a log file or a CI job shows it: no cursor control. */
export function createPlainReporter(output: Output, paint: Paint, program: Program | undefined): Reporter {
  const wording = new Wording(paint, { program, progressEveryMs: PROGRESS_MS });
  let held: string[] | undefined;
  const print = (lines: readonly string[]) => {
    if (held !== undefined) held.push(...lines);
    else if (lines.length > 0) output.write(`${lines.join('\n')}\n`);
  };
  const release = () => {
    const lines = held ?? [];
    held = undefined;
    print(lines);
  };
  return {
    notice: (text) => print(wording.notice(text)),
    event: (event) => print(wording.lines(event)),
    hold() {
      held ??= [];
      return release;
    },
    close: release,
  };
}
