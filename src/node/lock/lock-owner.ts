/** Who holds a data folder. */
export interface LockOwner {
  readonly pid: number;
  /** `processIdentity` of the pid: a later process with the same number is another. */
  readonly started: string;
  /** `machineIdentity`: on another machine the pid tells nothing. */
  readonly machine: string;
  /** The workerd process of the host; it outlives a host that is killed, and must be ended before the next one starts. */
  readonly workerd?: { readonly pid: number; readonly started: string };
  readonly released?: true;
}

/**
 * What is in the file of a lock; undefined when that is not what a holder writes. Whoever may write into the folder may have written it: `kill` takes a pid of 0 or less for a group of
 * processes, or for all of them.
 */
export function parseLockOwner(text: string): LockOwner | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isProcess(value) || typeof value.machine !== 'string') return undefined;
  const { pid, started, machine, workerd, released } = value;
  return { pid, started, machine, ...(isProcess(workerd) ? { workerd } : {}), ...(released === true ? { released } : {}) };
}

interface Process extends Partial<Record<Exclude<keyof LockOwner, 'pid' | 'started'>, unknown>> {
  readonly pid: number;
  readonly started: string;
}

function isProcess(value: unknown): value is Process {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, started }: Partial<Record<keyof LockOwner, unknown>> = value;
  return Number.isSafeInteger(pid) && (pid as number) > 0 && typeof started === 'string';
}
