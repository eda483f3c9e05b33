import { findProject } from '../../src/node/find-project.ts';
import { stopHost } from '../../src/node/host-process/control-host.ts';

/** Ends the host process that commands in this folder have started, if one is up: no test leaves one behind. */
export async function stopHostOf(folder: string): Promise<void> {
  await stopHost(findProject(folder), { waitMs: 0, kill: true });
}
