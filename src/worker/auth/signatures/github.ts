import { plainKey, REDELIVERY_MS, readHex, type SignatureScheme } from './scheme.ts';

const HEADER = 'x-hub-signature-256';

/**
 * What the other schemes sign begins with a time, or with an id and a time: shown as a body it would have the right signature, and never grow old. JSON, forms and XML do not begin so.
 */
const SIGNED_BY_OTHERS = /^(?:[^\s.{["<=]{1,255}\.)?\d{1,11}\./;
const LONGEST_PREFIX = 270;

/** `sha256=<hex>` over the body alone (docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries). No time and no id are signed: only the body tells a repetition. */
export const github: SignatureScheme = {
  name: 'github',
  headers: [HEADER, 'x-hub-signature'],
  replayMs: REDELIVERY_MS,
  read(headers) {
    const text = headers.get(HEADER) ?? '';
    const signature = text.startsWith('sha256=') ? readHex(text.slice('sha256='.length)) : undefined;
    return signature && { prefix: '', signatures: [signature] };
  },
  keyOf: plainKey,
  takes: (body) => !SIGNED_BY_OTHERS.test(new TextDecoder('latin1').decode(body.subarray(0, LONGEST_PREFIX))),
};
