import { defineCheckpoints } from './checkpoints.ts';
import type { DefineCommand } from './command.ts';
import { defineDiff } from './diff.ts';
import { defineEval } from './eval.ts';
import { defineExplain } from './explain.ts';
import { defineGraph } from './graph.ts';
import { defineLogs } from './logs.ts';
import { defineLsp } from './lsp.ts';
import { definePrune } from './prune.ts';
import { defineRun } from './run.ts';
import { defineRuns } from './runs.ts';
import { defineSchema } from './schema.ts';
import { defineShow } from './show.ts';
import { defineStats } from './stats.ts';
import { defineValidate } from './validate.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly DefineCommand[] = [
  defineRun,
  defineRuns,
  defineShow,
  defineLogs,
  defineCheckpoints,
  defineDiff,
  defineStats,
  definePrune,
  defineValidate,
  defineGraph,
  defineExplain,
  defineEval,
  defineSchema,
  defineLsp,
];
