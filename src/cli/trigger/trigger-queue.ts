import type { JsonValue } from '../../program/json.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { readJsonOption } from '../read-json.ts';
import { UsageProblem } from '../usage-problem.ts';
import { type FireOptions, fire } from './fire.ts';

export interface QueueOptions extends FireOptions {
  readonly message: readonly string[];
}

/**
 * `ensemble trigger queue`.
 * @throws UsageProblem for a message that is not JSON, and when there is none.
 */
export async function triggerQueue(queue: string, options: QueueOptions, io: Io): Promise<ExitCode> {
  if (options.message.length === 0) throw new UsageProblem(`--message says what is put into the queue, as --message '{"id": 1}'`);
  const messages: JsonValue[] = [];
  for (const text of options.message) messages.push(await readJsonOption(text, '--message', io));
  return fire({ type: 'queue', queue, messages }, options, io);
}
