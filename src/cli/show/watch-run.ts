import type { RunEvent } from '../../program/run-event.ts';
import type { Io } from '../io.ts';
import { cellWidth } from '../terminal/fit-width.ts';
import { harmless } from '../terminal/harmless.ts';

/** Often enough to look alive; however many events come, drawing costs no more than so many times a second. */
const REDRAW_MS = 250;

/** What the events are made into. */
export interface Watched {
  add(event: RunEvent): void;
  text(): string;
}

/**
 * Takes all events; on a terminal (`io`) it draws what they are made into again and again in place, as much of its end as fits there, and leaves nothing of that behind: what comes last is
 * for the caller to write.
 */
export async function watchRun(events: AsyncIterable<RunEvent>, watched: Watched, io: Io | undefined): Promise<void> {
  const screen = io === undefined ? undefined : openScreen(io, watched);
  try {
    for await (const event of events) {
      watched.add(event);
      screen?.changed();
    }
  } finally {
    screen?.close();
  }
}

function openScreen({ stdout, every }: Io, watched: Watched) {
  let rows = 0;
  let isStale = false;
  const draw = (lines: readonly string[]) => {
    stdout.write(`${rows > 0 ? `\u001b[${rows}A` : ''}\r\u001b[0J${lines.map((line) => `${line}\n`).join('')}`);
    const columns = stdout.columns ?? 80;
    rows = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(shownWidth(line) / columns)), 0);
  };
  const redraw = () => {
    if (!isStale) return;
    isStale = false;
    draw(lastRows(watched.text().trimEnd().split('\n'), (stdout.rows ?? 24) - 1, stdout.columns ?? 80));
  };
  const stopTimer = every(REDRAW_MS, redraw);
  return {
    changed() {
      isStale = true;
    },
    close() {
      stopTimer();
      if (rows > 0) draw([]);
    },
  };
}

/** As many of the last lines as take at most so many rows, with the first line above them: it says how the run is. */
function lastRows(lines: readonly string[], rows: number, columns: number): readonly string[] {
  const heightOf = (line: string) => Math.max(1, Math.ceil(shownWidth(line) / columns));
  let left = rows;
  let first = lines.length;
  while (first > 0 && left - heightOf(lines[first - 1] ?? '') >= (first > 1 ? 1 : 0)) {
    first -= 1;
    left -= heightOf(lines[first] ?? '');
  }
  return first === 0 ? lines : [lines[0] ?? '', ...lines.slice(Math.max(first, 1))];
}

/** Cells of a line that may be coloured. */
function shownWidth(line: string): number {
  return cellWidth(harmless(line));
}
