import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { FoundWrangler } from './find-tools.ts';

export interface WranglerRun {
  readonly wrangler: FoundWrangler;
  readonly args: readonly string[];
  /** Where it runs: the project's root. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs wrangler with this process's own terminal. Resolves to its exit code; as shells do, 128 and the number of the signal that ended it. */
export async function runWrangler({ wrangler, args, cwd, env }: WranglerRun): Promise<number> {
  let child: ChildProcess | undefined;
  const forward = (signal: NodeJS.Signals): void => {
    // A terminal sends Ctrl-C to both; twice would cut short how wrangler ends.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child?.kill(signal);
  };
  // Before it is started: one that comes right after would end this process alone, and wrangler would go on by itself.
  for (const signal of FORWARDED) process.on(signal, forward);
  try {
    // A `.cmd` of npm is started by a shell alone.
    const started = spawn(wrangler.command, [...args], { cwd, env: { ...env }, stdio: 'inherit', shell: process.platform === 'win32' });
    child = started;
    return await new Promise<number>((resolve, reject) => {
      started.once('error', reject);
      started.once('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
  } finally {
    for (const signal of FORWARDED) process.off(signal, forward);
  }
}
