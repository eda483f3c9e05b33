import { REDELIVERY_MS, readBase64, readSeconds, type SignatureScheme, textKey, WHSEC } from './scheme.ts';

const MAX_SIGNATURES = 16;

/** `webhook-id`, `webhook-timestamp` and `webhook-signature: v1,<base64> …` over `<id>.<timestamp>.<body>` (standardwebhooks.com). A secret that begins with `whsec_` is the key in Base64. */
export const standardWebhooks: SignatureScheme = {
  name: 'standard-webhooks',
  headers: ['webhook-signature', 'webhook-id', 'webhook-timestamp'],
  replayMs: REDELIVERY_MS,
  read(headers) {
    const id = headers.get('webhook-id') ?? '';
    const time = headers.get('webhook-timestamp') ?? '';
    const at = readSeconds(time);
    const given = (headers.get('webhook-signature') ?? '').split(' ', MAX_SIGNATURES + 1);
    const signatures = given.flatMap((text) => (text.startsWith('v1,') ? (readBase64(text.slice(3)) ?? []) : []));
    // A dot in the id would let it take over bytes of the time.
    if (at === undefined || !/^[!-\-/-~]{1,255}$/.test(id) || given.length > MAX_SIGNATURES || signatures.length === 0) return undefined;
    return { prefix: `${id}.${time}.`, signatures, at, id };
  },
  keyOf(secret) {
    if (!secret.startsWith(WHSEC)) return textKey(secret);
    const key = readBase64(secret.slice(WHSEC.length));
    return key === undefined || key.length === 0 ? undefined : key;
  },
};
