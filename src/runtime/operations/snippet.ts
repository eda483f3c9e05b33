import type { OperationContext } from './operation.ts';

const SNIPPET_LENGTH = 200;

/**
 * The beginning of a text from outside, for a message: one line, without control characters. Secrets are taken out before it is cut, since half a
 * secret would escape the redaction of events.
 */
export function snippet(whole: string, { redact }: Pick<OperationContext, 'redact'>, length = SNIPPET_LENGTH): string {
  const text = redact(whole);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a terminal.
  const clean = text.replaceAll(/[\u0000-\u001f\u007f-\u009f\s]+/g, ' ').trim();
  return clean.length <= length ? clean : `${clean.slice(0, length).toWellFormed()}…`;
}

/** Tells of a text whether a secret of the run is in it. */
export function secretFinder({ redact }: Pick<OperationContext, 'redact'>): (text: string) => boolean {
  return (text) => redact(text) !== text;
}
