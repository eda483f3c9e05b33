import type { Io } from '../io.ts';
import { createPaint } from '../terminal/paint.ts';

/** The id of a run that nobody follows here, on stdout for scripts; and on stderr how to follow it. */
export function tellDetached(run: string, { json, quiet }: { readonly json?: boolean; readonly quiet?: boolean }, io: Io): void {
  io.stdout.write(`${json === true ? JSON.stringify({ run }) : run}\n`);
  if (quiet === true) return;
  const { dim } = createPaint(io.stderr, io.env);
  io.stderr.write(`${dim(`the run goes on; ensemble attach ${run} follows it`)}\n`);
}
