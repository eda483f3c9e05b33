import { randomUUID } from 'node:crypto';

export interface EmailParts {
  readonly from: string;
  readonly to: string;
  readonly subject: string | undefined;
  readonly text: string | undefined;
  /** Epoch ms. */
  readonly at: number;
}

const LINE_LENGTH = 76;

/** A message of plain text (RFC 5322), each with an id of its own. What is not ASCII travels in base64. */
export function composeEmail({ from, to, subject = '', text = '', at }: EmailParts): string {
  const body = Buffer.from(text.replace(/\r?\n/g, '\r\n')).toString('base64');
  return [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${encodeWords(subject)}`,
    `Date: ${new Date(at).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${randomUUID()}@ensemble.localhost>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...(body.match(new RegExp(`.{1,${LINE_LENGTH}}`, 'g')) ?? []),
    '',
  ].join('\r\n');
}

/** So that a word and the name of the header fit in the 76 characters of a line (RFC 2047). */
const WORD_BYTES = 39;

/** Encoded words, none of them cut inside a character; plain where nothing needs it, so that no line break can begin another header. */
function encodeWords(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const words: string[] = [];
  for (const character of text) {
    const last = words.at(-1);
    if (last === undefined || Buffer.byteLength(last + character) > WORD_BYTES) words.push(character);
    else words[words.length - 1] = last + character;
  }
  return words.map((word) => `=?utf-8?B?${Buffer.from(word).toString('base64')}?=`).join('\r\n ');
}
