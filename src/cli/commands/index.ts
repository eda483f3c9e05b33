import type { DefineCommand } from './command.ts';
import { defineEval } from './eval.ts';
import { defineExplain } from './explain.ts';
import { defineRun } from './run.ts';
import { defineSchema } from './schema.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly DefineCommand[] = [defineRun, defineExplain, defineEval, defineSchema];
