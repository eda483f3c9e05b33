import { plainKey, REDELIVERY_MS, readHex, readSeconds, type SignatureScheme, TOLERANCE_MS, whsecKey } from './scheme.ts';

/** Longer lists are no list of signatures. */
const MAX_PARTS = 16;

/**
 * `t=<unix seconds>,v1=<hex>[,v1=<hex>…]` over `<t>.<body>`: the form that Stripe signs its webhooks in (docs.stripe.com/webhooks#verify-manually), under
 * the header of that name and under our own. Other parts, such as `v0`, are passed over. `repeatsBy: 'body'`: the sender signs anew when it tries again, and each of its bodies is unlike
 * all others (Stripe's hold the id of the event); `time`: only the same signature is a repetition.
 */
export function timestamped(name: string, header: string, repeatsBy: 'time' | 'body'): SignatureScheme {
  return {
    name,
    headers: [header],
    replayMs: repeatsBy === 'time' ? 2 * TOLERANCE_MS : REDELIVERY_MS,
    read(headers) {
      const parts = (headers.get(header) ?? '').split(',', MAX_PARTS + 1).map((part) => part.trim());
      const times = parts.flatMap((part) => (part.startsWith('t=') ? [part.slice(2)] : []));
      const [time] = times;
      const at = readSeconds(time);
      const signatures = parts.flatMap((part) => (part.startsWith('v1=') ? (readHex(part.slice(3)) ?? []) : []));
      if (time === undefined || at === undefined || times.length !== 1 || parts.length > MAX_PARTS || signatures.length === 0)
        return undefined;
      return { prefix: `${time}.`, signatures, at, ...(repeatsBy === 'time' ? { id: time } : {}) };
    },
    // Both forms sign the same text: secrets tell whose it is.
    keyOf: repeatsBy === 'time' ? plainKey : whsecKey,
  };
}
