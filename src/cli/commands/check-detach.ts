import { UsageProblem } from '../usage-problem.ts';

/**
 * A run that nobody follows needs a host that outlives the command.
 * @throws UsageProblem when this process is the host.
 */
export function checkDetach(sharesHost: boolean): void {
  if (!sharesHost)
    throw new UsageProblem(
      '--detach needs the shared host: in this process nothing would run on; leave out --no-host (or ENSEMBLE_NO_HOST)',
    );
}
