import type { EmailTriggerPlan } from '../../../program/trigger.ts';

/** The address that a mail was sent to, in its parts: of `orders+eu@example.com` the base is `orders@example.com` and the tag `eu`. All but the tag is in small letters. */
export interface Recipient {
  readonly address: string;
  readonly base: string;
  readonly tag?: string;
}

/** The tag is what stands behind the first `+` of the local part (RFC 5233). */
export function readRecipient(text: string): Recipient {
  const at = text.lastIndexOf('@');
  const plus = text.slice(0, at).indexOf('+');
  const address = text.toLowerCase();
  if (plus < 1) return { address, base: address };
  return { address, base: `${address.slice(0, plus)}${address.slice(at)}`, tag: text.slice(plus + 1, at) };
}

/** How closely a trigger fits an address: 2 it is listed, with or without its tag, 1 its domain is (`*@example.com`), 0 not at all. */
export function fitOf({ addresses }: EmailTriggerPlan, { address, base }: Recipient): 0 | 1 | 2 {
  const domain = `*${address.slice(address.lastIndexOf('@'))}`;
  if (address !== domain && (addresses.includes(address) || addresses.includes(base))) return 2;
  return addresses.includes(domain) ? 1 : 0;
}
