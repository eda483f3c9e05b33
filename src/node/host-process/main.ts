import type { HostNeeds } from '../host-needs.ts';
import { ProjectProblem } from '../project-problem.ts';
import type { StartMessage } from './host-requests.ts';
import { runHostProcess } from './run-host-process.ts';

const DEFAULT_IDLE_MS = 60_000;

/** The host process: `host.js ROOT NEEDS`. What the one who started it has to know goes over the channel; all else into the log that stdout and stderr are. */
export async function main(): Promise<never> {
  const [root = '', needs = '{}'] = process.argv.slice(2);
  // It takes longest to load, and is needed in any case.
  import('miniflare').catch(() => {});
  const end = new AbortController();
  let ready = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => end.abort(new Error(`ended by ${signal}`)));
  // Whoever started it has gone, and nobody else knows of it yet.
  process.on('disconnect', () => {
    if (!ready) end.abort(new Error('nobody waits for it any more'));
  });
  process.on('uncaughtException', (error) => {
    log(error.stack ?? error.message);
    process.exit(1);
  });
  try {
    await runHostProcess({
      root,
      needs: JSON.parse(needs) as HostNeeds,
      idleMs: readIdleMs(process.env.ENSEMBLE_HOST_IDLE_MS),
      notice: (notice) => tell({ type: 'notice', notice }),
      signal: end.signal,
      onReady() {
        ready = true;
        tell({ type: 'ready' });
      },
      log,
    });
    return process.exit(0);
  } catch (error) {
    const problem = error instanceof ProjectProblem;
    const message = error instanceof Error ? ((problem ? undefined : error.stack) ?? error.message) : String(error);
    log(message);
    await told({ type: problem ? 'problem' : 'defect', message });
    return process.exit(1);
  }
}

function readIdleMs(text: string | undefined): number {
  const ms = Number(text);
  return text !== undefined && text !== '' && Number.isFinite(ms) && ms >= 0 ? ms : DEFAULT_IDLE_MS;
}

function tell(message: StartMessage): void {
  void told(message);
}

function told(message: StartMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(message, () => resolve());
  });
}

function log(line: string): void {
  process.stdout.write(`${new Date().toISOString()} ${line}\n`);
}
