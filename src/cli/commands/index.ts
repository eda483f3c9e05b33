import { defineApprove } from './approve.ts';
import { defineAttach } from './attach.ts';
import { defineBuild } from './build.ts';
import { defineCancel } from './cancel.ts';
import { defineCheckpoints } from './checkpoints.ts';
import type { DefineCommand } from './command.ts';
import { defineDeploy } from './deploy.ts';
import { defineDev } from './dev.ts';
import { defineDiff } from './diff.ts';
import { defineDoctor } from './doctor.ts';
import { defineEval } from './eval.ts';
import { defineExplain } from './explain.ts';
import { defineFork } from './fork.ts';
import { defineGraph } from './graph.ts';
import { defineHost } from './host.ts';
import { defineInit } from './init.ts';
import { defineKeys } from './keys.ts';
import { defineLogs } from './logs.ts';
import { defineLsp } from './lsp.ts';
import { definePause } from './pause.ts';
import { definePrune } from './prune.ts';
import { defineReject } from './reject.ts';
import { defineReplay } from './replay.ts';
import { defineResume } from './resume.ts';
import { defineRun } from './run.ts';
import { defineRuns } from './runs.ts';
import { defineSchema } from './schema.ts';
import { defineShow } from './show.ts';
import { defineSignal } from './signal.ts';
import { defineState } from './state.ts';
import { defineStats } from './stats.ts';
import { defineTrigger } from './trigger.ts';
import { defineValidate } from './validate.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly DefineCommand[] = [
  defineInit,
  defineRun,
  defineAttach,
  definePause,
  defineResume,
  defineCancel,
  defineApprove,
  defineReject,
  defineSignal,
  defineRuns,
  defineShow,
  defineLogs,
  defineCheckpoints,
  defineDiff,
  defineFork,
  defineReplay,
  defineState,
  defineStats,
  definePrune,
  defineDev,
  defineTrigger,
  defineHost,
  defineBuild,
  defineDoctor,
  defineDeploy,
  defineKeys,
  defineValidate,
  defineGraph,
  defineExplain,
  defineEval,
  defineSchema,
  defineLsp,
];
