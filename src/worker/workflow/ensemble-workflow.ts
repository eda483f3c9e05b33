import { WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from 'cloudflare:workers';
import type { WorkerEnv } from '../worker-env.ts';

/** What an instance is made with: the program and all else is read from the run's object. */
export interface WorkflowParams {
  readonly run: string;
}

/** Runs ensembles with `engine: workflows`: each instance one run. */
export class EnsembleWorkflow extends WorkflowEntrypoint<WorkerEnv, WorkflowParams> {
  override async run({ payload, instanceId }: Readonly<WorkflowEvent<WorkflowParams>>, step: WorkflowStep): Promise<object> {
    // A local host starts sooner without it.
    const { runWorkflow } = await import('./workflow-engine.ts');
    return runWorkflow({ env: this.env, run: payload.run, instance: instanceId, step });
  }
}
