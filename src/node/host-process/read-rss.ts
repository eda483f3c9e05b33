import { readFileSync } from 'node:fs';

const PAGE_BYTES = 4096;

/** Bytes of memory that the process holds; undefined where the system does not tell (no /proc), or when it is gone. */
export function readRss(pid: number): number | undefined {
  try {
    // Field 2 of /proc/<pid>/statm, in pages (proc(5)).
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return Number.isFinite(pages) ? pages * PAGE_BYTES : undefined;
  } catch {
    return undefined;
  }
}
