import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { printJson } from '../print-json.ts';
import type { OpenHost } from '../run/open-while-interruptible.ts';
import { whereOf } from '../run/where-of.ts';
import { withHost } from '../run/with-host.ts';
import { readMoment } from '../runs/read-moment.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { createPaint } from '../terminal/paint.ts';
import { drawStatistics } from './draw-statistics.ts';

export interface StatsOptions {
  readonly since?: string;
  readonly json?: boolean;
}

/**
 * `ensemble stats`: what the runs of this project say about its ensembles and their agents.
 * @throws UsageProblem for a time that cannot be read.
 */
export function showStatistics(ensemble: string | undefined, options: StatsOptions, io: Io, openHost: OpenHost): Promise<ExitCode> {
  const since = options.since === undefined ? {} : { since: readMoment('--since', options.since, io.now()) };
  return withHost(io, openHost, async (host) => {
    const statistics = await host.call('statistics', { ...(ensemble === undefined ? {} : { ensemble }), ...since });
    if (options.json === true) printJson(statistics, io);
    else if (statistics.ensembles.length === 0) {
      const of = ensemble === undefined ? '' : ` of ${harmlessLine(ensemble)}`;
      io.stderr.write(`There is no run${of} ${whereOf(host)}${options.since === undefined ? ' yet' : ' since then'}.\n`);
    } else io.stdout.write(drawStatistics(statistics, createPaint(io.stdout, io.env)));
    return EXIT.done;
  });
}
