import { REDELIVERY_MS, readHex, type SignatureScheme, textKey } from './scheme.ts';

const HEADER = 'x-hub-signature-256';

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
  keyOf: textKey,
};
