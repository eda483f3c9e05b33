import { readdirSync, readFileSync } from 'node:fs';

/** Resident memory of the workerd that this process started last, in bytes, read from `/proc`. Linux only. */
export function workerdBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kilobytes === undefined) throw new Error(`process ${pid} says nothing of its memory`);
  return Number(kilobytes) * 1_024;
}

/** The workerds that are children of this process. */
export function listWorkerds(): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && isOurWorkerd(pid));
}

function isOurWorkerd(pid: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return status.includes('Name:\tworkerd') && status.includes(`\nPPid:\t${process.pid}\n`);
  } catch {
    // It ended meanwhile.
    return false;
  }
}
