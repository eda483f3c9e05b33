import { LineIndex } from '../../language/document/line-index.ts';
import { readInside } from '../../node/project/read-inside.ts';
import type { Span } from '../../program/diagnostic.ts';
import type { Failure } from '../../program/failure.ts';
import { findStep } from '../../program/find-step.ts';
import type { Program } from '../../program/program.ts';
import type { RunEvent } from '../../program/run-event.ts';
import type { Io } from '../io.ts';
import { fitWidth } from '../terminal/fit-width.ts';
import { harmless, harmlessLine } from '../terminal/harmless.ts';
import { createPaint } from '../terminal/paint.ts';
import { FAILURE_HELP } from './failure-help.ts';
import type { LoopItem } from './item-recorder.ts';
import { type ProjectView, renderFrame, renderSpan } from './show-diagnostics.ts';

type LineColumn = Pick<Span, 'line' | 'column'>;
type Finished = Extract<RunEvent, { type: 'run.finished' }>;

/** Cells of an item that is shown. */
const ITEM_CELLS = 100;

/**
 * Why the run failed, on stderr: code and message, the step with its place in its file, the items it had, what runs that file, what to do. Without the program there are no places, without the
 * `root` of a project the lines that stand there are not shown.
 */
export function showFailure(
  finished: Finished,
  program: Program | undefined,
  root: string | undefined,
  io: Io,
  items: readonly LoopItem[] = [],
): void {
  const failure = finished.failure ?? { code: 'DEFECT', message: 'the run failed and did not say why', retryable: false };
  const paint = createPaint(io.stderr, io.env);
  const lines = [`${paint.red(`error[${failure.code}]`)}: ${paint.bold(harmless(failure.message))}`];
  const view = root === undefined ? undefined : { root, cwd: io.cwd };
  const found = finished.agent === undefined || program === undefined ? undefined : findStep(program, finished.agent);
  if (found !== undefined && program !== undefined && finished.agent !== undefined) {
    const place = placeOf(failure) ?? found.step.place;
    lines.push(`  in ${placeText(finished.agent, found.file, place, view)}`);
    const frame = view === undefined ? undefined : frameAt(found.file, place, view);
    if (frame !== undefined) lines.push(frame);
    for (const { loop, position, item } of items) {
      lines.push(`  with item ${position} of ${harmlessLine(loop)}: ${fitWidth(harmlessLine(JSON.stringify(item)), ITEM_CELLS)}`);
    }
    for (let { owner } = found; owner !== ''; ) {
      const runs = findStep(program, owner);
      if (runs === undefined) break;
      lines.push(`  run by ${placeText(owner, runs.file, runs.step.place, view)}`);
      owner = runs.owner;
    }
  }
  const help = FAILURE_HELP[failure.code];
  if (help !== undefined) lines.push(`${paint.cyan('help:')} ${help}`);
  io.stderr.write(`${lines.join('\n')}\n`);
}

function placeText(path: string, file: string, { line, column }: LineColumn, view: ProjectView | undefined): string {
  const place = view === undefined ? `${harmlessLine(file)}:${line}:${column}` : renderSpan({ file, line, column }, view);
  return `${harmlessLine(path)}, ${place}`;
}

function frameAt(file: string, { line, column }: LineColumn, view: ProjectView): string | undefined {
  const text = readInside(view.root, file)?.text;
  if (text === undefined) return undefined;
  const index = new LineIndex(file, text);
  const start = index.offset(line, column);
  const lineEnd = text.indexOf('\n', start);
  return renderFrame(index.span(start, lineEnd === -1 ? text.length : lineEnd), view);
}

/** Failures of code bodies know the line and column in the file at which the author's code threw. */
function placeOf({ details }: Failure): LineColumn | undefined {
  if (typeof details !== 'object' || details === null || !('line' in details) || !('column' in details)) return undefined;
  const { line, column } = details;
  return typeof line === 'number' && typeof column === 'number' ? { line, column } : undefined;
}
