import picocolors from 'picocolors';
import type { Io, Output } from '../io.ts';

/** Colours for one output; each function hands its text on unchanged where there are none. */
export type Paint = ReturnType<typeof picocolors.createColors>;

/** NO_COLOR (no-color.org) wins over FORCE_COLOR, that over whether it is a terminal and not a dumb one. */
export function createPaint(output: Output, env: Io['env']): Paint {
  const { NO_COLOR, FORCE_COLOR } = env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return picocolors.createColors(false);
  if (FORCE_COLOR !== undefined) return picocolors.createColors(FORCE_COLOR !== '0' && FORCE_COLOR !== 'false');
  return picocolors.createColors(output.isTTY && env.TERM !== 'dumb');
}
