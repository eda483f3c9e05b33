import type { FlowKind, FlowStep } from '../../../program/program.ts';
import { failure } from '../../failure.ts';
import type { FlowEnd, FlowFrame } from './flow-frame.ts';
import { runBranch } from './run-branch.ts';

type RunFlowStep<Kind extends FlowKind> = (frame: FlowFrame<Extract<FlowStep, { readonly type: Kind }>>) => Promise<FlowEnd>;

const later = (frame: FlowFrame): Promise<FlowEnd> => {
  throw failure('UNSUPPORTED', `This version of Ensemble cannot run \`${frame.step.type}\` steps.`);
};

/** What each kind of flow step does. Throws what the steps in it throw, and `FailureError` for its own. */
export const FLOW_STEPS: { readonly [Kind in FlowKind]: RunFlowStep<Kind> } = {
  parallel: later,
  branch: runBranch,
  switch: later,
  foreach: later,
  while: later,
  try: later,
  'map-reduce': later,
};
