/** All that only `engine: workflows` needs, as one module that is loaded when it is first needed. */
export { runWorkflow } from './run-workflow.ts';
export { WorkflowSeat } from './workflow-seat.ts';
