import type { JsonObject } from '../../program/json.ts';
import type { DeployedEnsemble } from '../deployment.ts';
import { startEnsemble } from '../start-ensemble.ts';
import { warnOperator } from '../warn-operator.ts';
import type { WorkerEnv } from '../worker-env.ts';
import { mayStart } from './email/authorise-mail.ts';
import { fitOf, type Recipient, readRecipient } from './email/match-address.ts';
import { type Mail, readMail } from './email/read-mail.ts';
import { TOKEN_HEADER } from './email/token-header.ts';
import { findInputProblem } from './find-input-problem.ts';
import { type DeployedTrigger, findTriggers } from './find-triggers.ts';

type EmailTrigger = DeployedTrigger<'email'>;

/** A server that got no answer sends a mail again, for five days as a rule (RFC 5321, 4.5.4.1). */
const CLAIM_MS = 7 * 24 * 3_600_000;

/** One text for a wrong address and a wrong secret: it shall tell nobody which of the two it was. */
const NOBODY = 'No such address here.';

/** Starts a run for a mail, which is not waited for: what becomes of it the sender does not learn. A mail that starts none is rejected. */
export async function onEmail(message: ForwardableEmailMessage, env: WorkerEnv): Promise<void> {
  const recipient = readRecipient(message.to);
  const allowed = await findAllowed(message, recipient, env);
  if (allowed.length === 0) return message.setReject(NOBODY);
  const hidesTag = allowed.some(({ plan }) => plan.auth !== undefined);
  const mail = await readMail(message, recipient, hidesTag);
  if (mail === undefined) return message.setReject('The message is too large, or cannot be read.');
  const { from, to, subject, date, message_id } = mail;
  const trigger = { type: 'email', from, to, subject, date, message_id };
  let started = 0;
  for (const { ensemble, index } of allowed) {
    const input = declaredOf(ensemble, mail);
    const problem = findInputProblem(ensemble, input);
    if (problem !== undefined) {
      warnOperator(`${ensemble.id} does not take a mail: ${problem}`);
      continue;
    }
    const key = JSON.stringify(['email', ensemble.id, index, recipient.address, message.from, message_id]);
    const claim = typeof message_id === 'string' ? { claim: { key, fingerprint: '', ttlMs: CLAIM_MS } } : {};
    await startEnsemble(env, ensemble, { input, trigger, ...claim });
    started += 1;
  }
  if (started === 0) return message.setReject('The message is not what is expected here.');
}

/** An ensemble that takes no other fields than its own gets those. */
function declaredOf({ input }: DeployedEnsemble, mail: Mail): JsonObject {
  if (input?.additionalProperties !== false) return mail;
  const declared = Object.keys(Object(input.properties));
  return Object.fromEntries(Object.entries(mail).filter(([name]) => declared.includes(name)));
}

/** The triggers that list the address, or else its domain, as far as the mail has their secrets. */
async function findAllowed(message: ForwardableEmailMessage, recipient: Recipient, env: WorkerEnv): Promise<readonly EmailTrigger[]> {
  const fits = findTriggers('email').map((trigger) => ({ trigger, fit: fitOf(trigger.plan, recipient) }));
  const best = Math.max(0, ...fits.map(({ fit }) => fit));
  const credentials = { recipient, token: message.headers.get(TOKEN_HEADER) };
  const asked = await Promise.all(
    fits
      .filter(({ fit }) => fit > 0 && fit === best)
      .map(async ({ trigger }) => {
        const where = `the email trigger ${trigger.index + 1} of ${trigger.ensemble.id}`;
        return (await mayStart(trigger.plan, credentials, env, where)) ? [trigger] : [];
      }),
  );
  return asked.flat();
}
