import { explain, main } from './main.ts';
import { openProcessIo } from './process-io.ts';

/** Runs the CLI in this process and ends it: nothing that a library keeps open (a socket, a timer) may hold the shell. */
export async function start(): Promise<void> {
  const io = openProcessIo();
  // A throw in a callback of a library, outside every promise that we await.
  process.on('uncaughtException', (error) => process.exit(explain(error, io)));
  process.exit(await main(process.argv.slice(2), io));
}
