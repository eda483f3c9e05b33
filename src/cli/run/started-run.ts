import type { Host } from '../../node/host.ts';
import type { Program } from '../../program/program.ts';
import type { RunRequest } from '../../program/run-request.ts';
import type { RunToFollow } from './follow-run.ts';

/** A run that begins when it is followed; an interrupt cancels it. */
export function startedRun(host: Host, program: Program, request: RunRequest): RunToFollow {
  return {
    host,
    run: request.run,
    events(caughtUp) {
      caughtUp();
      return host.run(program, request);
    },
    onInterrupt: 'cancel',
  };
}
