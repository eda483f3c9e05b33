import type { StateReply } from '../../program/state-calls.ts';
import { redactorOf } from '../request-secrets.ts';
import type { WorkerEnv } from '../worker-env.ts';

/** What a scope holds, or held, as people may see it: values of variables that are secrets read `[secret NAME]` there as in events (LANGUAGE §3.2). Keys stay: they say where a value is. */
export function hideStateSecrets(reply: StateReply, env: WorkerEnv): StateReply {
  const redactor = redactorOf({ vars: {}, secretVars: [] }, env);
  if (reply.type === 'content') {
    const keys = reply.content.keys.map((entry) => ({ ...entry, value: redactor.data(entry.value) }));
    return { ...reply, content: { ...reply.content, keys } };
  }
  if (reply.type === 'history') {
    const changes = reply.changes.map((change) =>
      change.value === undefined ? change : { ...change, value: redactor.data(change.value) },
    );
    return { ...reply, changes };
  }
  return reply;
}
