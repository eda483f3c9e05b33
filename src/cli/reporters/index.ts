import type { Program } from '../../program/program.ts';
import type { Io } from '../io.ts';
import { createPaint } from '../terminal/paint.ts';
import { createJsonReporter } from './json.ts';
import { createLiveReporter } from './live.ts';
import { createPlainReporter } from './plain.ts';
import { createQuietReporter } from './quiet.ts';
import type { Reporter } from './reporter.ts';

export type ReporterName = 'live' | 'plain' | 'json' | 'quiet';

/** Every reporter, by name. With the program that runs it shows what lies in what. */
export const REPORTERS: Readonly<Record<ReporterName, (io: Io, program?: Program) => Reporter>> = {
  live: (io, program) => createLiveReporter(io, io.stderr, createPaint(io.stderr, io.env), program),
  plain: (io, program) => createPlainReporter(io.stderr, createPaint(io.stderr, io.env), program),
  json: (io) => createJsonReporter(io.stdout, io.stderr),
  quiet: () => createQuietReporter(),
};

/** `--json` and `--quiet` say it; otherwise live on a terminal that can move its cursor, else plain. */
export function chooseReporter(io: Io, options: { readonly json?: boolean; readonly quiet?: boolean }): ReporterName {
  if (options.json === true) return 'json';
  if (options.quiet === true) return 'quiet';
  return io.stderr.isTTY && io.env.TERM !== 'dumb' ? 'live' : 'plain';
}
