import type { Ports } from '../ports.ts';

const SNIPPET_LENGTH = 200;

/**
 * The beginning of a text from outside, for a message: one line, without control characters. Secrets are taken out before it is cut, since half a
 * secret would escape the redaction of events.
 */
export function snippet(text: string, { env, secrets }: Pick<Ports, 'env' | 'secrets'>, length = SNIPPET_LENGTH): string {
  let clean = text;
  for (const name of secrets) {
    const secret = env[name];
    if (secret !== undefined && secret !== '') clean = clean.replaceAll(secret, `[secret ${name}]`);
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a terminal.
  clean = clean.replaceAll(/[\u0000-\u001f\u007f-\u009f\s]+/g, ' ').trim();
  return clean.length <= length ? clean : `${clean.slice(0, length)}…`;
}
