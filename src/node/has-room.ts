import type { StatsFs } from 'node:fs';

/** A small run takes 16 kB, its log of changes as much again, and the list of runs some too. */
const LEAST_ROOM_BYTES = 64 * 1024;

/** Whether a file system has room for a run. `all`: also for what is reserved for the superuser. One that does not tell its size is taken to have. */
export function hasRoom({ bsize, blocks, bfree, bavail }: Pick<StatsFs, 'bsize' | 'blocks' | 'bfree' | 'bavail'>, all: boolean): boolean {
  return blocks === 0 || (all ? bfree : bavail) * bsize >= LEAST_ROOM_BYTES;
}
