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

/** In the order of the help. */
const BY_NAME: Readonly<Record<string, DefineCommand>> = {
  init: defineInit,
  run: defineRun,
  attach: defineAttach,
  pause: definePause,
  resume: defineResume,
  cancel: defineCancel,
  approve: defineApprove,
  reject: defineReject,
  signal: defineSignal,
  runs: defineRuns,
  show: defineShow,
  logs: defineLogs,
  checkpoints: defineCheckpoints,
  diff: defineDiff,
  fork: defineFork,
  replay: defineReplay,
  state: defineState,
  stats: defineStats,
  prune: definePrune,
  dev: defineDev,
  trigger: defineTrigger,
  host: defineHost,
  build: defineBuild,
  doctor: defineDoctor,
  deploy: defineDeploy,
  keys: defineKeys,
  validate: defineValidate,
  graph: defineGraph,
  explain: defineExplain,
  eval: defineEval,
  schema: defineSchema,
  lsp: defineLsp,
};

/** Every command, in the order of the help. */
export const COMMANDS: readonly DefineCommand[] = Object.values(BY_NAME);

/** The one that a command line begins with, else all: to define all of them takes longer than most commands do. */
export function commandsOf([name = '']: readonly string[]): readonly DefineCommand[] {
  const define = Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
  return define === undefined ? COMMANDS : [define];
}
