import type { FlowKind, FlowStep } from '../../../program/program.ts';
import type { FlowEnd, FlowFrame } from './flow-frame.ts';
import { runBranch } from './run-branch.ts';
import { runForeach } from './run-foreach.ts';
import { runMapReduce } from './run-map-reduce.ts';
import { runParallel } from './run-parallel.ts';
import { runSwitch } from './run-switch.ts';
import { runTry } from './run-try.ts';
import { runWhile } from './run-while.ts';

type RunFlowStep<Kind extends FlowKind> = (frame: FlowFrame<Extract<FlowStep, { readonly type: Kind }>>) => Promise<FlowEnd>;

/** What each kind of flow step does. Throws what the steps in it throw, and `FailureError` for its own. */
export const FLOW_STEPS: { readonly [Kind in FlowKind]: RunFlowStep<Kind> } = {
  parallel: runParallel,
  branch: runBranch,
  switch: runSwitch,
  foreach: runForeach,
  while: runWhile,
  try: runTry,
  'map-reduce': runMapReduce,
};
