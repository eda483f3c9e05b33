import type { WorkerEnv } from '../worker-env.ts';

export async function onScheduled(_event: ScheduledController, _env: WorkerEnv, _context: ExecutionContext): Promise<void> {}
