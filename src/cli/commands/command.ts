import type { Command as CommanderCommand } from 'commander';
import type { RemoteTarget } from '../../node/remote/remote-options.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';

/** What a command's action gets beside its arguments. */
export interface CommandContext {
  readonly io: Io;
  readonly openHost: OpenHost;
  /** Whether `openHost` joins the host process that all commands share: a run there goes on when this process ends. */
  sharesHost(): boolean;
  /** The deployed Worker on whose runs the command acts, in place of those of this machine. */
  remote(): RemoteTarget | undefined;
  /** Says how the process ends; the last call counts. */
  exit(code: ExitCode): void;
}

/** One command of the CLI: declares its arguments, options and help; loads what it needs inside its action. */
export type DefineCommand = (program: CommanderCommand, context: CommandContext) => void;
