import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ConnectionLost, HostError } from '../host-error.ts';
import type { HostNeeds } from '../host-needs.ts';
import type { TellNotice } from '../host-notice.ts';
import { packageRoot } from '../package-root.ts';
import { ProjectProblem } from '../project-problem.ts';
import type { StartMessage } from './host-requests.ts';

export interface StartHostOptions {
  readonly root: string;
  readonly hostFolder: string;
  readonly needs: HostNeeds;
  readonly notice: TellNotice;
  readonly signal?: AbortSignal;
}

/**
 * Starts a host process of its own session and resolves once it takes requests: what it has told of itself is then in its folder.
 * @throws ProjectProblem as the host process meets it; ConnectionLost when it was killed; the signal's reason when it fires first.
 */
export async function startHost({ root, hostFolder, needs, notice, signal }: StartHostOptions): Promise<void> {
  signal?.throwIfAborted();
  const log = openLog(hostFolder);
  const args = [join(packageRoot(), 'dist', 'host.js'), root, JSON.stringify(needs)];
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', log, log, 'ipc'], windowsHide: true });
  closeSync(log);
  const stop = () => child.kill('SIGTERM');
  signal?.addEventListener('abort', stop);
  try {
    await new Promise<void>((resolve, reject) => {
      child.on('message', (message: StartMessage) => {
        if (message.type === 'notice') notice(message.notice);
        else if (message.type === 'ready') resolve();
        else reject(message.type === 'problem' ? new ProjectProblem(message.message) : new HostError(message.message));
      });
      child.on('error', (error) => reject(new HostError(`the host process could not be started: ${error.message}`, { cause: error })));
      child.on('exit', (code, by) =>
        reject(
          new ConnectionLost(`the host process ended (${by ?? code}) before it was ready; see ${join(hostFolder, 'host.log')}`, false),
        ),
      );
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    if (child.connected) child.disconnect();
    child.unref();
  }
}

/** The log of the host before stays as `host.log.1`: it may say why that one ended. */
function openLog(hostFolder: string): number {
  mkdirSync(hostFolder, { recursive: true });
  const file = join(hostFolder, 'host.log');
  try {
    renameSync(file, `${file}.1`);
  } catch {}
  return openSync(file, 'a', 0o600);
}
