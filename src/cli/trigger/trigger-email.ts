import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { UsageProblem } from '../usage-problem.ts';
import { composeEmail } from './compose-email.ts';
import { type FireOptions, fire } from './fire.ts';

export interface EmailOptions extends FireOptions {
  readonly from: string;
  readonly subject?: string;
  readonly text?: string;
  readonly file?: string;
}

/**
 * `ensemble trigger email`.
 * @throws UsageProblem for an address that is none and a file that cannot be read.
 */
export async function triggerEmail(to: string, options: EmailOptions, io: Io): Promise<ExitCode> {
  const { from, subject, text, file } = options;
  for (const address of [to, from]) {
    if (!ADDRESS.test(address)) throw new UsageProblem(`"${address}" is no email address`);
  }
  if (file !== undefined && (subject !== undefined || text !== undefined)) {
    throw new UsageProblem('--file is the whole message: leave out --subject and --text');
  }
  const raw = file === undefined ? Buffer.from(composeEmail({ from, to, subject, text, at: io.now() })) : readMessage(file, io);
  return fire({ type: 'email', from, to, raw: raw.toString('base64') }, options, io);
}

/** Near enough: what it is good for, the Worker says. */
const ADDRESS = /^[^\s@<>"]+@[^\s@<>"]+$/;

function readMessage(file: string, io: Io): Buffer {
  try {
    return readFileSync(resolve(io.cwd, file));
  } catch (error) {
    throw new UsageProblem(`--file ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
