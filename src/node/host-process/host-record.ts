import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPrivate } from './is-private.ts';
import { isHostSocket } from './socket-path.ts';

/** What a host process tells of itself, in `host.json` of its folder, while it takes requests. */
export interface HostRecord {
  readonly pid: number;
  /** Epoch ms. */
  readonly started_at: number;
  /** Path of the Unix socket, or the name of the pipe on Windows. */
  readonly socket: string;
  /** Of Ensemble. */
  readonly version: string;
  /** `hostConfigOf` when it started: a command that finds another replaces the host. */
  readonly config: string;
  /** Requests carry it. */
  readonly token: string;
  /** This host is `ensemble dev`: it takes up changes of the configuration by itself. */
  readonly dev?: DevRecord;
}

export interface DevRecord {
  /** What it serves, without a slash at the end. */
  readonly url: string;
  /** `buildIdOf` of the Ensemble that it is. */
  readonly build: string;
}

/** What a running host has told; undefined when none has, or what is there is not to be trusted: it could be a file that came with somebody's repository. */
export function readHostRecord(hostFolder: string): HostRecord | undefined {
  const file = fileOf(hostFolder);
  try {
    if (!isPrivate(file)) return undefined;
    const record: Record<keyof HostRecord, unknown> = JSON.parse(readFileSync(file, 'utf8'));
    const { pid, started_at, socket, version, config, token, dev } = record;
    if (typeof pid !== 'number' || typeof started_at !== 'number' || typeof socket !== 'string') return undefined;
    if (typeof version !== 'string' || typeof config !== 'string' || typeof token !== 'string') return undefined;
    if (!isHostSocket(socket)) return undefined;
    return { pid, started_at, socket, version, config, token, ...(isDevRecord(dev) ? { dev } : {}) };
  } catch {
    return undefined;
  }
}

function isDevRecord(value: unknown): value is DevRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { url, build }: Partial<Record<keyof DevRecord, unknown>> = value;
  return typeof url === 'string' && typeof build === 'string';
}

export function writeHostRecord(hostFolder: string, record: HostRecord): void {
  const draft = `${fileOf(hostFolder)}.${process.pid}`;
  mkdirSync(hostFolder, { recursive: true });
  rmSync(draft, { force: true });
  writeFileSync(draft, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(draft, fileOf(hostFolder));
}

/** Takes back what this process has told; what another has told since stays. */
export function removeHostRecord(hostFolder: string, token: string): void {
  if (readHostRecord(hostFolder)?.token === token) rmSync(fileOf(hostFolder), { force: true });
}

function fileOf(hostFolder: string): string {
  return join(hostFolder, 'host.json');
}
