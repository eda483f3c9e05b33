import { github } from './github.ts';
import type { SignatureScheme } from './scheme.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { timestamped } from './timestamped.ts';

/** Our own form's header. */
const SIGNATURE_HEADER = 'ensemble-signature';

/** Every way of signing that a trigger with `auth: {type: signature}` accepts. The first whose header a request has is the one that counts. */
export const SIGNATURE_SCHEMES: readonly SignatureScheme[] = [
  timestamped('ensemble', SIGNATURE_HEADER, 'time'),
  timestamped('stripe', 'stripe-signature', 'body'),
  standardWebhooks,
  github,
];
