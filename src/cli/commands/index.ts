import type { DefineCommand } from './command.ts';
import { defineRun } from './run.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly DefineCommand[] = [defineRun];
