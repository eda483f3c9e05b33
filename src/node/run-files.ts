import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { WORKER_CLASSES } from '../program/host-protocol.ts';
import { dataFolderOf } from './data-folder.ts';
import type { Project } from './find-project.ts';
import { EMPTY_WRANGLER_CONFIG, readWranglerConfig } from './wrangler/wrangler-config.ts';

/** The files of one Durable Object that is made for a run. */
export interface RunFiles {
  /** 64 hexadecimal digits. */
  readonly object: string;
  readonly bytes: number;
  /** Of the file that was written last, epoch ms. */
  readonly changedAt: number;
}

/** Nothing else in the folder is ever looked at or removed: `metadata.sqlite` holds the alarms of all of them. */
const FILE = /^([0-9a-f]{64})\.sqlite(?:-wal|-shm)?$/;
const ENDINGS = ['', '-wal', '-shm'] as const;

/** What lies on disk of runs, by their objects; in Miniflare's layout (4.20260730) a SQLite file an object, with two more beside it while it is in use. */
export function listRunFiles(project: Project): readonly RunFiles[] {
  const folder = runFolder(project);
  const objects = new Map<string, RunFiles>();
  for (const name of readNames(folder)) {
    const object = FILE.exec(name)?.[1];
    const stat = object === undefined ? undefined : statSync(join(folder, name), { throwIfNoEntry: false });
    if (object === undefined || stat === undefined) continue;
    const known = objects.get(object);
    objects.set(object, { object, bytes: (known?.bytes ?? 0) + stat.size, changedAt: Math.max(known?.changedAt ?? 0, stat.mtimeMs) });
  }
  return [...objects.values()];
}

/** Removes the files of objects that a host has emptied: it leaves an empty database of each. What another process still holds open (Windows) stays for the next time. */
export function removeRunFiles(project: Project, objects: readonly string[]): void {
  const folder = runFolder(project);
  for (const object of objects) {
    for (const ending of ENDINGS) {
      const name = `${object}.sqlite${ending}`;
      if (FILE.test(name)) removeFile(join(folder, name));
    }
  }
}

function removeFile(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EBUSY' && code !== 'EPERM') throw error;
  }
}

function runFolder(project: Project): string {
  const config = project.wranglerFile === undefined ? EMPTY_WRANGLER_CONFIG : readWranglerConfig(project.wranglerFile);
  return join(dataFolderOf(project), 'do', `${config.name ?? 'ensemble'}-${WORKER_CLASSES.runs}`);
}

function readNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Nothing has run in this project yet.
    return [];
  }
}
