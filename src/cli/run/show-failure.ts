import { LineIndex } from '../../language/document/line-index.ts';
import { readInside } from '../../node/project/read-inside.ts';
import type { Failure } from '../../program/failure.ts';
import { findStep } from '../../program/find-step.ts';
import type { Program } from '../../program/program.ts';
import type { RunEvent } from '../../program/run-event.ts';
import type { Io } from '../io.ts';
import { harmless } from '../terminal/harmless.ts';
import { createPaint } from '../terminal/paint.ts';
import { FAILURE_HELP } from './failure-help.ts';
import { renderFrame, renderSpan } from './show-diagnostics.ts';

type Finished = Extract<RunEvent, { type: 'run.finished' }>;

/** Why the run failed, on stderr: code and message, the agent with its place in the file, what to do. */
export function showFailure(finished: Finished, program: Program, root: string, io: Io): void {
  const failure = finished.failure ?? { code: 'DEFECT', message: 'the run failed and did not say why', retryable: false };
  const paint = createPaint(io.stderr, io.env);
  const lines = [`${paint.red(`error[${failure.code}]`)}: ${paint.bold(harmless(failure.message))}`];
  const found = finished.agent === undefined ? undefined : findStep(program, finished.agent);
  if (found !== undefined) {
    const place = { root, cwd: io.cwd };
    const { line, column } = placeOf(failure) ?? found.step.place;
    lines.push(`  in ${harmless(finished.agent ?? found.step.path)}, ${renderSpan({ file: found.file, line, column }, place)}`);
    const text = readInside(root, found.file)?.text;
    if (text !== undefined) {
      const index = new LineIndex(found.file, text);
      const start = index.offset(line, column);
      const lineEnd = text.indexOf('\n', start);
      const frame = renderFrame(index.span(start, lineEnd === -1 ? text.length : lineEnd), place);
      if (frame !== undefined) lines.push(frame);
    }
  }
  const help = FAILURE_HELP[failure.code];
  if (help !== undefined) lines.push(`${paint.cyan('help:')} ${help}`);
  io.stderr.write(`${lines.join('\n')}\n`);
}

/** Failures of code bodies know the line and column in the file at which the author's code threw. */
function placeOf({ details }: Failure): { line: number; column: number } | undefined {
  if (typeof details !== 'object' || details === null || !('line' in details) || !('column' in details)) return undefined;
  const { line, column } = details;
  return typeof line === 'number' && typeof column === 'number' ? { line, column } : undefined;
}
