import type { Io, Output } from '../io.ts';
import { fitWidth } from '../terminal/fit-width.ts';
import { harmless } from '../terminal/harmless.ts';
import { createPaint, type Paint } from '../terminal/paint.ts';
import type { Tally } from './tally.ts';
import { progressFacts } from './words.ts';

/** Shows how far a batch is while it goes on. */
export interface Progress {
  /** Something of the host's, or about the batch as a whole. */
  notice(text: string): void;
  /** From now on there is something to count. */
  begin(tally: Tally): void;
  /** Nothing more will come: leaves the terminal as a plain log. */
  close(): void;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
const FRAME_MS = 100;
const LINE_MS = 5_000;
const BAR_CELLS = 20;

/** `--quiet`: none. A bar on a terminal that can move its cursor, unless the results of `--json` go there too; else a line every few seconds. */
export function openProgress(io: Io, { quiet, json }: { readonly quiet?: boolean; readonly json?: boolean }): Progress {
  if (quiet === true) return { notice: () => {}, begin: () => {}, close: () => {} };
  const paint = createPaint(io.stderr, io.env);
  const bar = io.stderr.isTTY && io.env.TERM !== 'dumb' && !(json === true && io.stdout.isTTY);
  return bar ? openBar(io, io.stderr, paint) : openLines(io, io.stderr, paint);
}

function openLines(io: Io, output: Output, paint: Paint): Progress {
  let stop = () => {};
  return {
    notice: (text) => output.write(`${paint.dim(`· ${harmless(text)}`)}\n`),
    begin(tally) {
      stop = io.every(LINE_MS, () => output.write(`${progressFacts(tally, io.now()).join(' · ')}\n`));
    },
    close: () => stop(),
  };
}

function openBar(io: Io, output: Output, paint: Paint): Progress {
  let tally: Tally | undefined;
  let frame = 0;
  const clear = '\r\u001b[0J';
  const draw = () => {
    // One line, so that there is nothing to move up to: it never wraps.
    const line = fitWidth(barLine(tally, io.now(), frame), Math.max(10, (output.columns ?? 80) - 1));
    output.write(`${clear}${line}`);
  };
  const stop = io.every(FRAME_MS, () => {
    frame += 1;
    draw();
  });
  const stopResize = output.onResize(draw);
  let open = true;
  return {
    notice(text) {
      output.write(`${clear}${paint.dim(`· ${harmless(text)}`)}\n`);
      if (open) draw();
    },
    begin(begun) {
      tally = begun;
    },
    close() {
      if (!open) return;
      open = false;
      stop();
      stopResize();
      output.write(clear);
    },
  };
}

function barLine(tally: Tally | undefined, now: number, frame: number): string {
  const sign = FRAMES[frame % FRAMES.length];
  if (tally === undefined) return `${sign} starting`;
  const facts = progressFacts(tally, now).join(' · ');
  const { total, over } = tally;
  if (total === undefined || total === 0) return `${sign} ${facts}`;
  const full = Math.min(BAR_CELLS, Math.floor((over / total) * BAR_CELLS));
  return `${sign} ${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)} ${facts}`;
}
