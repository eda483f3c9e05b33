import type { EmailTriggerPlan } from '../../../program/trigger.ts';
import { secretEquals } from '../../auth/secret-equals.ts';
import { readTriggerSecret } from '../../auth/trigger-secret.ts';
import type { Recipient } from './match-address.ts';

/** Whether a mail may start a run: the trigger is public, or the mail has its secret, as the tag of the address or in a header. `where` names the trigger to the operator. */
export async function mayStart(
  { auth, public: isPublic }: EmailTriggerPlan,
  mail: MailCredentials,
  env: object,
  where: string,
): Promise<boolean> {
  if (auth === undefined) return isPublic;
  const secret = readTriggerSecret(auth, env, where);
  if (secret === undefined || auth.type !== 'bearer') return false;
  const given = [mail.recipient.tag, mail.token].filter((text) => text !== undefined && text !== null);
  const found = await Promise.all(given.map((text) => secretEquals(text, secret)));
  return found.includes(true);
}

export interface MailCredentials {
  readonly recipient: Recipient;
  /** Of TOKEN_HEADER. */
  readonly token: string | null;
}
