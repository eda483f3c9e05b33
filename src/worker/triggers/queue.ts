import type { WorkerEnv } from '../worker-env.ts';

export async function onQueue(_event: MessageBatch, _env: WorkerEnv, _context: ExecutionContext): Promise<void> {}
