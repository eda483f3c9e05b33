import { workerNameFor } from '../../node/deploy/worker-name.ts';
import { harmlessLine } from '../terminal/harmless.ts';

/** What is wrong with a name that WORKER_NAME refuses. */
export function badName(name: string): string {
  const near = workerNameFor(name);
  return `"${harmlessLine(name)}" cannot be the name of a Worker: small letters, digits, _ and -, 63 at most, no - at the ends; "${near}" could`;
}
