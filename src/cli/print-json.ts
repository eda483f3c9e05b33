import type { Io } from './io.ts';
import { prettyJson } from './pretty-json.ts';
import { harmlessJson } from './terminal/harmless.ts';

/** One JSON value on stdout, without what could repaint a terminal or command the runner of a CI: what is piped ends there as well. */
export function printJson(value: unknown, io: Pick<Io, 'stdout'>): void {
  io.stdout.write(`${harmlessJson(prettyJson(value))}\n`);
}

/** One line of NDJSON. */
export function printJsonLine(value: unknown, io: Pick<Io, 'stdout'>): void {
  io.stdout.write(`${harmlessJson(JSON.stringify(value))}\n`);
}
