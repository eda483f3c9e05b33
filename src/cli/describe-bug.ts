import { harmless } from './terminal/harmless.ts';

/** More of what was thrown does not help whoever looks for the fault: a message can quote a whole document. */
const MAX_LENGTH = 20_000;

/** What was thrown, as a report shows it: the stack when there is one. Anything can be thrown, also what cannot be read. */
export function describeBug(thrown: unknown): string {
  let text: string;
  try {
    text = thrown instanceof Error ? String(thrown.stack ?? thrown.message) : String(thrown);
  } catch {
    text = 'what was thrown cannot be read';
  }
  return harmless(text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text);
}
