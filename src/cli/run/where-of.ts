import type { Host } from '../../node/host.ts';
import { harmlessLine } from '../terminal/harmless.ts';

/** Where the runs of a host are, at the end of a sentence. */
export function whereOf({ origin }: Pick<Host, 'origin'>): string {
  return origin === undefined ? 'in the data of this project' : `at ${harmlessLine(origin)}`;
}
