import type { DevEvent } from '../../node/dev/dev-event.ts';
import { runDevServer } from '../../node/dev/run-dev-server.ts';
import { findProject } from '../../node/find-project.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { printJsonLine } from '../print-json.ts';
import { tellInLines } from './tell-in-lines.ts';

export interface DevOptions {
  readonly port: number;
  readonly host: string;
  readonly env?: string;
  readonly cron: boolean;
  readonly json?: boolean;
}

/** `ensemble dev`: until an interrupt, `ensemble host stop`, or until nobody reads on. A second interrupt does not wait for the end in order. */
export async function runDev(options: DevOptions, io: Io): Promise<ExitCode> {
  const project = findProject(io.cwd);
  const end = new AbortController();
  const forced = Promise.withResolvers<void>();
  let code: ExitCode = EXIT.done;
  const stop = (why: ExitCode) => () => {
    if (end.signal.aborted) forced.resolve();
    code = why;
    end.abort();
  };
  const stopListening = [io.onInterrupt(stop(EXIT.interrupted)), io.stdout.onClosed(stop(EXIT.readerGone))];
  const tell = options.json === true ? tellAsJson(io) : tellInLines(io, { project, cron: options.cron });
  try {
    const served = runDevServer({
      project,
      ...(options.env === undefined ? {} : { environment: options.env }),
      host: options.host,
      port: options.port,
      cron: options.cron,
      tell,
      signal: end.signal,
    });
    await Promise.race([served, forced.promise]);
    return code;
  } finally {
    for (const stopOne of stopListening) stopOne();
  }
}

function tellAsJson(io: Io): (event: DevEvent) => void {
  return (event) => printJsonLine({ at: io.now(), ...event }, io);
}
