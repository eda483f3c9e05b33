import { spawn } from 'node:child_process';
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
export function runWrangler({ wrangler, args, cwd, env }: WranglerRun): Promise<number> {
  return new Promise((resolve, reject) => {
    // A `.cmd` of npm is started by a shell alone.
    const child = spawn(wrangler.command, [...args], { cwd, env: { ...env }, stdio: 'inherit', shell: process.platform === 'win32' });
    const forward = (signal: NodeJS.Signals): void => {
      // A terminal sends Ctrl-C to both; twice would cut short how wrangler ends.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    for (const signal of FORWARDED) process.on(signal, forward);
    const done = (): void => {
      for (const signal of FORWARDED) process.off(signal, forward);
    };
    child.once('error', (error) => {
      done();
      reject(error);
    });
    child.once('close', (code, signal) => {
      done();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
