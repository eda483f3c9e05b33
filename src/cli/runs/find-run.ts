import type { Host } from '../../node/host.ts';
import { UsageProblem } from '../usage-problem.ts';

const RUN_ID = /^[0-9a-z]{26}$/;

/**
 * The id of the run that a command line names.
 * @throws UsageProblem for one that is no run id.
 */
export async function findRun(text: string, _host: Host): Promise<string> {
  if (RUN_ID.test(text)) return text;
  throw new UsageProblem(`"${text}" is no run id: 26 letters and digits, as ensemble run prints it behind the name of the ensemble`);
}
