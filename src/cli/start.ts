import { EXIT } from './exit-codes.ts';
import { explain, main } from './main.ts';
import { openProcessIo } from './process-io.ts';

/** Runs the CLI in this process and ends it: nothing that a library keeps open (a socket, a timer) may hold the shell. */
export async function start(): Promise<void> {
  // Should this process come to its end while `main` still waits for something, that is no success.
  process.exitCode = EXIT.defect;
  const io = openProcessIo();
  // A throw in a callback of a library, outside every promise that we await.
  process.on('uncaughtException', (error) => process.exit(explain(error, io)));
  process.exit(await main(process.argv.slice(2), io));
}
