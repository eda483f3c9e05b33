import type { Io } from './io.ts';
import { harmlessJson } from './terminal/harmless.ts';

/** One JSON value on stdout; on a terminal without what could repaint it. */
export function printJson(value: unknown, io: Pick<Io, 'stdout'>): void {
  print(JSON.stringify(value, null, 2), io);
}

/** One line of NDJSON. */
export function printJsonLine(value: unknown, io: Pick<Io, 'stdout'>): void {
  print(JSON.stringify(value), io);
}

function print(json: string, { stdout }: Pick<Io, 'stdout'>): void {
  stdout.write(`${stdout.isTTY ? harmlessJson(json) : json}\n`);
}
