import type { ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { type FireOptions, fire } from './fire.ts';

/** `ensemble trigger cron`; the ensemble may be given by its file, too. */
export function triggerCron(ensemble: string, options: FireOptions, io: Io): Promise<ExitCode> {
  const id = ensemble.replace(/^(?:\.\/)?ensembles\//, '').replace(/\.ya?ml$/, '');
  return fire({ type: 'cron', ensemble: id }, options, io);
}
