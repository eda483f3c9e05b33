import type { Command } from 'commander';
import type { RemoteTarget } from '../../node/remote/remote-options.ts';
import type { Io } from '../io.ts';
import { UsageProblem } from '../usage-problem.ts';
import { checkRemote, looksAtRemote } from './check-remote.ts';
import { readTarget, type TargetOptions } from './read-target.ts';

export interface RemoteOptions extends TargetOptions {
  /** False for `--no-host`. */
  readonly host?: boolean;
}

/**
 * The deployed Worker that the command line, or the environment, means for this command; undefined for what acts on this machine.
 * @throws UsageProblem for what cannot be used, or makes no sense there.
 */
export function remoteOf(options: RemoteOptions, command: Command, io: Io): RemoteTarget | undefined {
  if (options.remote === undefined && (options.host === false || !looksAtRemote(command))) return undefined;
  if (options.host === false) throw new UsageProblem('--remote and --no-host exclude each other');
  if ((options.remote ?? io.env.ENSEMBLE_REMOTE ?? '') !== '') checkRemote(command);
  return readTarget(options, io);
}
