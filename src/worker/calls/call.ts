import type { HostCallName, HostCalls } from '../../program/host-calls.ts';
import type { WorkerEnv } from '../worker-env.ts';

/** How the Worker answers one of the calls of `HostCalls`. */
export type AnswerCall<Name extends HostCallName> = (ask: HostCalls[Name]['ask'], env: WorkerEnv) => Promise<HostCalls[Name]['reply']>;
