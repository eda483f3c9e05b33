import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProjectProblem } from '../project-problem.ts';
import { type LockOwner, parseLockOwner } from './lock-owner.ts';
import { machineIdentity, processIdentity, processOwner } from './process-identity.ts';

export type { LockOwner } from './lock-owner.ts';

/*
 * One host a data folder: two workerd processes on one folder lose writes (DESIGN §4).
 *
 * Node offers no lock that the kernel holds, so this is one of files, with generations: `<folder>/ensemble-lock/<n>`, each created exclusively.
 *  1. The holder is the creator of the file with the highest number, while it lives and has not written `released` into it.
 *  2. Generation n+1 may be created only by one who saw n as the highest, and saw n's owner dead or released; neither can be undone.
 *  3. The highest file is never removed, only those below it. So one who acts on a stale view and creates a number that was used and removed
 *     before finds a higher one when it looks again, and withdraws.
 *  4. A process is ended only for a file that nobody but its owner can have written, and only if that one owns the process, too.
 * Exclusive creation lets one process win each generation; taking over from the dead is the same step as following a living one.
 */

export interface DataFolderLock {
  /** Records the workerd that works on the folder, so that whoever takes over from a killed host can end it. */
  recordWorkerd(pid: number): void;
  /** Lets the next one in. Call it once workerd is gone. */
  release(): void;
}

export interface LockOptions {
  /** Called once, when somebody else holds the folder. */
  onWait?(owner: LockOwner): void;
  /** Called when a killed host's workerd was still running and has been ended. */
  onOrphanEnded?(pid: number): void;
  readonly signal?: AbortSignal;
}

const POLL_MS = 40;
/** How often the holder touches its file, and for how long an owner on another machine counts as alive after its last touch. */
const HEARTBEAT_MS = 5_000;
const FOREIGN_OWNER_EXPIRES_MS = 30_000;
/** A file without readable content was being written just now, or its writer died over it. */
const UNREADABLE_EXPIRES_MS = 2_000;
/** Others may see who holds, and not say so, whatever the umask is. */
const MODE = 0o644;
/** One more is still a number of its own. */
const GENERATION = /^\d{1,15}$/;
/** A generation, or the draft of one. */
const OWN_FILE = /^(\d{1,15})(?:\.\d+\.draft)?$/;

/**
 * Waits until this process is the only host of the folder (which is created when missing).
 * @throws the signal's reason when it fires first.
 */
export async function acquireDataFolderLock(folder: string, options: LockOptions = {}): Promise<DataFolderLock> {
  for (let waited = false; ; ) {
    options.signal?.throwIfAborted();
    const taken = await tryDataFolderLock(folder, options);
    if (taken.lock !== undefined) return taken.lock;
    if (!waited && taken.holder !== 'unreadable') {
      options.onWait?.(taken.holder);
      waited = true;
    }
    await pause(POLL_MS, options.signal);
  }
}

/** Takes the lock when nobody has it; else says who does. */
export async function tryDataFolderLock(
  folder: string,
  options: Pick<LockOptions, 'onOrphanEnded'> = {},
): Promise<{ readonly lock: DataFolderLock } | { readonly lock?: never; readonly holder: LockOwner | 'unreadable' }> {
  const lockFolder = join(folder, 'ensemble-lock');
  mkdirSync(lockFolder, { recursive: true });
  const owner: LockOwner = { pid: process.pid, started: processIdentity(process.pid) ?? '', machine: machineIdentity() };
  for (;;) {
    const highest = highestGeneration(lockFolder);
    const holder = highest === 0 ? undefined : readOwner(lockFolder, highest);
    if (holder !== undefined && isHeld(holder, lockFolder, highest)) return { holder };
    if (!claim(lockFolder, highest + 1, owner)) continue;
    await clearOlder(lockFolder, highest + 1, options);
    return { lock: holdGeneration(lockFolder, highest + 1, owner) };
  }
}

function holdGeneration(lockFolder: string, generation: number, owner: LockOwner): DataFolderLock {
  const file = join(lockFolder, String(generation));
  let current = owner;
  const write = (next: LockOwner) => {
    const draft = `${file}.${process.pid}.draft`;
    writeFileSync(draft, JSON.stringify(next), { mode: MODE });
    renameSync(draft, file);
    current = next;
  };
  const heartbeat = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // The folder was removed under us: nothing is left to guard.
    }
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    recordWorkerd(pid) {
      const started = processIdentity(pid);
      if (started !== undefined) write({ ...current, workerd: { pid, started } });
    },
    release() {
      clearInterval(heartbeat);
      try {
        write({ ...owner, released: true });
      } catch {
        // The folder was removed under us, or cannot be written any more: the next one finds this process gone.
      }
    },
  };
}

/** Creates the generation's file; false when another was faster or a higher one exists (rule 3). */
function claim(lockFolder: string, generation: number, owner: LockOwner): boolean {
  const file = join(lockFolder, String(generation));
  try {
    writeFileSync(file, JSON.stringify(owner), { flag: 'wx', mode: MODE });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
  if (highestGeneration(lockFolder) === generation) return true;
  rmSync(file, { force: true });
  return false;
}

function isHeld(owner: LockOwner | 'unreadable', lockFolder: string, generation: number): boolean {
  if (owner === 'unreadable') return ageMs(lockFolder, generation) < UNREADABLE_EXPIRES_MS;
  if (owner.released === true) return false;
  if (owner.machine !== machineIdentity()) return ageMs(lockFolder, generation) < FOREIGN_OWNER_EXPIRES_MS;
  return processIdentity(owner.pid) === owner.started;
}

/** Removes the generations below; their owners are dead or gone, their workerd is ended first (a claimer that died here left that to us). */
async function clearOlder(lockFolder: string, generation: number, options: Pick<LockOptions, 'onOrphanEnded'>): Promise<void> {
  for (const older of generations(lockFolder)) {
    const owner = older < generation ? readOwner(lockFolder, older) : 'unreadable';
    if (owner !== 'unreadable') await endOrphan(owner, writerOf(lockFolder, older), options);
  }
  for (const name of readdirSync(lockFolder)) {
    const own = OWN_FILE.exec(name)?.[1];
    if (own !== undefined && Number(own) < generation) rmSync(join(lockFolder, name), { force: true });
  }
}

/** Ends the workerd that a killed host left behind, if that pid is still the very process that was recorded, and waits until it is gone. */
async function endOrphan(owner: LockOwner, writer: number | undefined, options: Pick<LockOptions, 'onOrphanEnded'>): Promise<void> {
  const { workerd } = owner;
  if (workerd === undefined || owner.released === true || owner.machine !== machineIdentity()) return;
  if (writer === undefined || processIdentity(workerd.pid) !== workerd.started || processOwner(workerd.pid) !== writer) return;
  try {
    process.kill(workerd.pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) throw error;
    throw new ProjectProblem(
      `the runtime of another user (pid ${workerd.pid}) is still at work on the data of this project: it has to be ended first`,
    );
  }
  while (processIdentity(workerd.pid) === workerd.started) await pause(POLL_MS, undefined);
  options.onOrphanEnded?.(workerd.pid);
}

function readOwner(lockFolder: string, generation: number): LockOwner | 'unreadable' {
  try {
    return parseLockOwner(readFileSync(join(lockFolder, String(generation)), 'utf8')) ?? 'unreadable';
  } catch {
    return 'unreadable';
  }
}

/** The only user who can have written the file; undefined when there may be others. */
function writerOf(lockFolder: string, generation: number): number | undefined {
  const stat = lstatSync(join(lockFolder, String(generation)), { throwIfNoEntry: false });
  if (stat?.isFile() !== true) return undefined;
  return process.platform === 'win32' || (stat.mode & 0o022) === 0 ? stat.uid : undefined;
}

function ageMs(lockFolder: string, generation: number): number {
  try {
    return Date.now() - statSync(join(lockFolder, String(generation))).mtimeMs;
  } catch {
    return 0;
  }
}

function generations(lockFolder: string): number[] {
  return readdirSync(lockFolder)
    .filter((name) => GENERATION.test(name))
    .map(Number);
}

function highestGeneration(lockFolder: string): number {
  return Math.max(0, ...generations(lockFolder));
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
