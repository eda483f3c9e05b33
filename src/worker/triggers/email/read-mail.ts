import type { Address, Attachment, Email } from 'postal-mime';
import type { JsonObject, JsonValue } from '../../../program/json.ts';
import { encodeBase64 } from '../../../runtime/operations/base64.ts';
import type { Recipient } from './match-address.ts';
import { readRaw } from './read-raw.ts';
import { TOKEN_HEADER } from './token-header.ts';

/** Characters of `text` and of `html`: an expression takes no longer text. */
const MAX_TEXT = 1024 * 1024;
/** Bytes of all attachments of which the content is handed over; all of an input has to fit into 8 MiB as JSON. */
const MAX_CONTENT = 3 * 1024 * 1024;
const MAX_ATTACHMENTS = 100;
const MAX_HEADERS_SIZE = 256 * 1024;
const MAX_NESTING = 50;

/** What an email trigger gives its run; `inputTypeOf` lists the same names. */
export type Mail = {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: JsonObject;
  readonly attachments: readonly JsonValue[];
  readonly message_id: string | null;
  /** ISO 8601, or as the mail says it when that is no date. */
  readonly date: string | null;
  readonly reply_to: readonly string[];
  readonly cc: readonly string[];
};

/** What is read of a mail that the platform hands over. */
interface ReceivedMail {
  readonly from: string;
  readonly raw: ReadableStream<Uint8Array>;
}

/** A mail as the input of a run: from whom and to whom the servers say that it is, and what it says itself. Undefined when it is too large, or cannot be read. */
export async function readMail(message: ReceivedMail, recipient: Recipient, hidesTag: boolean): Promise<Mail | undefined> {
  const raw = await readRaw(message.raw);
  const email = raw && (await parse(raw));
  if (email === undefined) return undefined;
  const hide = hidesTag && recipient.tag ? hiderOf(recipient.tag) : (text: string) => text;
  const { subject = '', text = '', html = '', date, messageId } = email;
  return {
    from: hide(message.from),
    to: hidesTag ? recipient.base : recipient.address,
    subject: hide(subject),
    text: hide(text.slice(0, MAX_TEXT).toWellFormed()),
    html: hide(html.slice(0, MAX_TEXT).toWellFormed()),
    headers: readHeaders(email, hide),
    attachments: readAttachments(email.attachments),
    message_id: messageId ?? null,
    date: date ?? null,
    reply_to: (email.replyTo ?? []).flatMap(addressesOf).map(hide),
    cc: (email.cc ?? []).flatMap(addressesOf).map(hide),
  };
}

/**
 * Takes the tag out of every address in a text, also of one that stands within another: where bounces go, servers write `bounces-orders+TAG=example.com@…` (VERP), links have `%2BTAG%40`.
 */
function hiderOf(tag: string): (text: string) => string {
  const written = new RegExp(`(?:\\+|%2b)${tag.replace(/[^\w]/g, '\\$&')}(?=[@=]|%40|%3d)`, 'gi');
  return (text) => text.replace(written, '');
}

async function parse(raw: Uint8Array): Promise<Email | undefined> {
  // Of no use before the first mail comes.
  const { default: PostalMime } = await import('postal-mime');
  try {
    return await PostalMime.parse(raw, { maxNestingDepth: MAX_NESTING, maxHeadersSize: MAX_HEADERS_SIZE });
  } catch {
    return undefined;
  }
}

function addressesOf(address: Address): readonly string[] {
  return address.group === undefined ? [address.address] : address.group.map((member) => member.address);
}

/** By their names in small letters; of one that comes several times, a line each. The one that holds a secret is left out. */
function readHeaders({ headers }: Email, hide: (text: string) => string): JsonObject {
  const values = new Map<string, string>();
  for (const { key, value } of headers) {
    const before = values.get(key);
    if (key !== TOKEN_HEADER) values.set(key, before === undefined ? hide(value) : `${before}\n${hide(value)}`);
  }
  return Object.fromEntries(values);
}

/** Of an attachment for which there is no room left, `content` is null. */
function readAttachments(attachments: readonly Attachment[]): readonly JsonValue[] {
  let room = MAX_CONTENT;
  return attachments.slice(0, MAX_ATTACHMENTS).map(({ filename, mimeType, content }) => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content);
    const fits = bytes.byteLength <= room;
    if (fits) room -= bytes.byteLength;
    return { filename, mime_type: mimeType, size: bytes.byteLength, content: fits ? encodeBase64(bytes) : null };
  });
}
