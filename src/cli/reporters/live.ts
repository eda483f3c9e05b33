import type { Program } from '../../program/program.ts';
import type { RunEvent } from '../../program/run-event.ts';
import type { Io, Output } from '../io.ts';
import { cellWidth, fitWidth } from '../terminal/fit-width.ts';
import { formatDuration } from '../terminal/format-duration.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import type { Paint } from '../terminal/paint.ts';
import type { OpenFlow } from './flow-progress.ts';
import type { Reporter } from './reporter.ts';
import { indent, Wording } from './wording.ts';
import { progressFacts } from './words.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
const FRAME_MS = 80;
const MOST_ROWS = 10;

interface Running {
  readonly agent: string;
  readonly operation: string;
  readonly depth: number;
  readonly startedAt: number;
  attempt: number;
}

/**
 * The log of the plain reporter, and below it how far the loops are and a line for each agent that is at work, redrawn in place. What is finished scrolls away as
 * ordinary lines, so the part that is redrawn stays small whatever the ensemble's size. Events only note what to
 * draw; drawing happens on a timer, so ten thousand events a second cost no more than a few.
 */
export function createLiveReporter(io: Io, output: Output, paint: Paint, program: Program | undefined): Reporter {
  const wording = new Wording(paint, { program });
  const running = new Map<string, Running>();
  let pending: string[] = [];
  let drawn: readonly string[] = [];
  let frame = 0;
  /** Until the first event there is something to wait for: the data folder, workerd. */
  let starting = true;
  let held = false;

  const draw = () => {
    if (!held) drawWith(regionLines());
  };
  const drawWith = (region: readonly string[]) => {
    if (pending.length === 0 && drawn.length === 0 && region.length === 0) return;
    const log = pending.map((line) => `${line}\n`).join('');
    pending = [];
    // Cursor up to the first row of the region, clear from there, then the log and the region anew.
    const up = rowsOf(drawn, output.columns ?? 80);
    output.write(`${up > 0 ? `\u001b[${up}A` : ''}\r\u001b[0J${log}${region.map((line) => `${paint.dim(line)}\n`).join('')}`);
    drawn = region;
  };
  const regionLines = (): readonly string[] => {
    const width = Math.max(10, (output.columns ?? 80) - 1);
    const rows = Math.max(1, Math.min(MOST_ROWS, (output.rows ?? 24) - 2));
    if (starting) return [`${sign()} starting`];
    const all = [...[...wording.flow.open].filter(goesOver).map(flowLine), ...Array.from(running.values(), runningLine)];
    const shown = all.slice(0, all.length > rows ? rows - 1 : rows).map((line) => fitWidth(line(), width));
    return all.length > shown.length ? [...shown, `  and ${all.length - shown.length} more`] : shown;
  };
  const sign = () => FRAMES[frame % FRAMES.length];
  const row = (depth: number, path: string, facts: readonly string[], startedAt: number) => {
    const duration = formatDuration(Math.max(0, io.now() - startedAt));
    return `${indent(depth)}${sign()} ${harmlessLine(path)}  ${[...facts, duration].join(' · ')}`;
  };
  const flowLine = (flow: OpenFlow) => () => row(flow.depth, flow.path, progressFacts(flow), flow.startedAt);
  const runningLine =
    ({ agent, operation, depth, startedAt, attempt }: Running) =>
    () =>
      `${row(depth, agent, [operation], startedAt)}${attempt > 1 ? ` · attempt ${attempt}` : ''}`;

  const stopTimer = io.every(FRAME_MS, () => {
    frame += 1;
    draw();
  });
  const stopResize = output.onResize(draw);
  return {
    notice(text) {
      pending.push(...wording.notice(text));
      draw();
    },
    event(event) {
      starting = false;
      const { lines, depth } = wording.tell(event);
      follow(running, event, depth);
      pending.push(...lines);
    },
    hold() {
      drawWith([]);
      held = true;
      return () => {
        held = false;
      };
    },
    close() {
      held = false;
      starting = false;
      stopTimer();
      stopResize();
      running.clear();
      draw();
    },
  };
}

function goesOver({ kind }: OpenFlow): boolean {
  return kind !== 'branch' && kind !== 'switch' && kind !== 'try';
}

function follow(running: Map<string, Running>, event: RunEvent, depth: number): void {
  if (event.type === 'agent.started') {
    running.set(event.agent, { agent: event.agent, operation: event.operation, depth, startedAt: event.at, attempt: 1 });
  } else if (event.type === 'attempt.started') {
    const agent = running.get(event.agent);
    if (agent !== undefined) agent.attempt = event.attempt;
  } else if (event.type === 'agent.finished' || event.type === 'agent.failed' || event.type === 'agent.skipped') {
    running.delete(event.agent);
  } else if (event.type === 'run.finished') running.clear();
}

/** How many rows the lines take now: a terminal that became narrower since has wrapped them. */
function rowsOf(lines: readonly string[], columns: number): number {
  return lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(cellWidth(line) / columns)), 0);
}
