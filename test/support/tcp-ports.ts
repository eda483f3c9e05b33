import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolderOf } from '../../src/node/data-folder.ts';
import { findProject } from '../../src/node/find-project.ts';

/** Inodes of the TCP ports that anybody on this machine may connect to, with their numbers. */
function listening(): ReadonlyMap<string, number> {
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => readFileSync(file, 'utf8').split('\n').slice(1));
  const fields = rows.map((row) => row.trim().split(/\s+/)).filter(([, , , state]) => state === '0A');
  return new Map(fields.map(([, address = '', , , , , , , , inode = '']) => [inode, Number.parseInt(address.split(':').at(-1) ?? '', 16)]));
}

/** The TCP ports that a process listens on (Linux). */
export function portsOf(pid: number): readonly number[] {
  const ports = listening();
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      return (inode === undefined ? undefined : ports.get(inode)) ?? [];
    } catch {
      return [];
    }
  });
}

/** The workerd that has the data of a project. */
export function workerdPid(root: string): number {
  const folder = join(dataFolderOf(findProject(root)), 'ensemble-lock');
  return JSON.parse(readFileSync(join(folder, readdirSync(folder).at(-1) ?? ''), 'utf8')).workerd.pid;
}
