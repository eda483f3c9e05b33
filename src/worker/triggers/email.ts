import type { WorkerEnv } from '../worker-env.ts';

export async function onEmail(_event: ForwardableEmailMessage, _env: WorkerEnv, _context: ExecutionContext): Promise<void> {}
