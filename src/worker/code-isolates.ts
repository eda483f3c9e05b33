import type { HarnessPort } from './code-harness/protocol.ts';

/** Where the bodies of one program run: isolates of a Worker Loader, or the Worker itself. */
export interface CodeIsolates {
  /** The one for bodies with network, or for those without. */
  open(network: boolean): HarnessPort;
  /** The name under which a module of the program lies there. */
  fileOf(module: string): string | undefined;
}
