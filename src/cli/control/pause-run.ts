import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { commandOn } from '../run/command-on.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { withHost } from '../run/with-host.ts';
import { findRun } from '../runs/find-run.ts';
import { checkOutcome } from './check-outcome.ts';
import { type TellOptions, tellDone } from './tell-done.ts';

/**
 * `ensemble pause`: no agent of the run begins any more, until it is resumed.
 * @throws UsageProblem when there is no such run; ProjectProblem when it is over.
 */
export function pauseRun(
  name: string,
  { reason, ...options }: TellOptions & { readonly reason?: string },
  io: Io,
  openHost: OpenHost,
): Promise<ExitCode> {
  return withHost(io, openHost, async (host) => {
    const run = await findRun(name, host);
    checkOutcome(run, await host.call('pause', { run, ...(reason === undefined ? {} : { reason }) }), host);
    const text = `${run} is paused: what is at work goes on, nothing else begins; ${commandOn(host, `resume ${run}`)} lets it go on`;
    tellDone(text, { run, status: 'paused' }, options, io);
    return EXIT.done;
  });
}
