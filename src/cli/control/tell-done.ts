import type { JsonObject } from '../../program/json.ts';
import type { Io } from '../io.ts';
import { printJsonLine } from '../print-json.ts';
import { tell } from './tell.ts';

export interface TellOptions {
  /** The facts on stdout in place of the words on stderr. */
  readonly json?: boolean;
}

/** That something was done: a line on stderr, or with `json` its facts as a line of JSON on stdout. */
export function tellDone(text: string, facts: JsonObject, { json }: TellOptions, io: Io): void {
  if (json === true) printJsonLine(facts, io);
  else tell(text, io);
}
