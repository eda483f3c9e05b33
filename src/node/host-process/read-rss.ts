import { readFileSync } from 'node:fs';

/** Bytes of memory that the process holds; undefined where the system does not tell (no /proc), or when it is gone. */
export function readRss(pid: number): number | undefined {
  try {
    // In kB (proc(5)); `statm` counts in pages, whose size Node does not tell.
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
  } catch {
    return undefined;
  }
}
