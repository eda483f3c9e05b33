import type { Host } from '../../node/host.ts';
import type { Io } from '../io.ts';
import { createPaint } from '../terminal/paint.ts';
import { commandOn } from './command-on.ts';

/** The id of a run that nobody follows here, on stdout for scripts; and on stderr how to follow it. */
export function tellDetached(
  run: string,
  { json, quiet }: { readonly json?: boolean; readonly quiet?: boolean },
  host: Pick<Host, 'flags'>,
  io: Io,
): void {
  io.stdout.write(`${json === true ? JSON.stringify({ run }) : run}\n`);
  if (quiet === true) return;
  const { dim } = createPaint(io.stderr, io.env);
  io.stderr.write(`${dim(`the run goes on; ${commandOn(host, `attach ${run}`)} follows it`)}\n`);
}
