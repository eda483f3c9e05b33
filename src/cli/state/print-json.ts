import type { Io } from '../io.ts';
import { harmlessJson } from '../terminal/harmless.ts';

/** One JSON value on stdout; on a terminal without what could repaint it. */
export function printJson(value: unknown, io: Io): void {
  const json = JSON.stringify(value, null, 2);
  io.stdout.write(`${io.stdout.isTTY ? harmlessJson(json) : json}\n`);
}

/** One line of NDJSON. */
export function printJsonLine(value: unknown, io: Io): void {
  const json = JSON.stringify(value);
  io.stdout.write(`${io.stdout.isTTY ? harmlessJson(json) : json}\n`);
}
