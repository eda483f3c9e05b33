import { WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from 'cloudflare:workers';
import type { WorkerEnv } from '../worker-env.ts';

/** What an instance is made with: the program and all else is read from the run's object. */
export interface WorkflowParams {
  readonly run: string;
}

/** Runs ensembles with `engine: workflows`. */
export class EnsembleWorkflow extends WorkflowEntrypoint<WorkerEnv, WorkflowParams> {
  override async run(_event: Readonly<WorkflowEvent<WorkflowParams>>, _step: WorkflowStep): Promise<void> {}
}
