import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../bin/ensemble.js', import.meta.url));

/** For `env`: as a user has it. */
export const SHARED_HOST = { ENSEMBLE_NO_HOST: '' } as const;

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the built CLI as a process of its own, without a terminal. `stdin` is written and closed. It runs without the host that commands share, unless `env` says otherwise
 * (`SHARED_HOST`): then the test stops that host (`stopHostOf`).
 */
export async function runCli(
  args: readonly string[],
  options: { readonly cwd: string; readonly stdin?: string; readonly env?: Readonly<Record<string, string>> },
): Promise<CliResult> {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: options.cwd,
    env: { ...process.env, NO_COLOR: '1', ENSEMBLE_NO_HOST: '1', ...options.env },
    stdio: 'pipe',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  child.stdin.end(options.stdin ?? '');
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
