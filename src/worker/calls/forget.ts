import { WORKER_BINDINGS } from '../../program/host-protocol.ts';
import { noteForgotten } from '../alive-runs.ts';
import { openIndex } from '../open-index.ts';
import type { AnswerCall } from './call.ts';

/** So many objects are emptied at a time. */
const AT_ONCE = 32;

export const forget: AnswerCall<'forget'> = async ({ runs, objects = [], dry = false }, env) => {
  const namespace = env[WORKER_BINDINGS.runs];
  const forgotten: string[] = [];
  const emptied: string[] = [];
  await inTurns(runs, async (run) => {
    const id = namespace.idFromName(run);
    if (!dry && !(await empty(namespace.get(id)))) return;
    if (!dry) noteForgotten(run);
    forgotten.push(run);
    emptied.push(id.toString());
  });
  // After the objects: a run that is still in the index can be forgotten again when this is cut short.
  if (!dry) await openIndex(env)?.forget(forgotten);
  const unknown = (await openIndex(env)?.unknownOf(objects.filter(isObjectId))) ?? [];
  await inTurns(unknown, async (object) => {
    const stub = namespace.get(namespace.idFromString(object));
    const report = await stub.report().catch(() => 'unreadable' as const);
    if (report === 'unreadable') return;
    if (report !== undefined) await openIndex(env)?.report(report);
    else if (dry || (await empty(stub))) emptied.push(object);
  });
  return { forgotten, objects: emptied };
};

/** False for one whose run is not over, and for one whose database cannot be read: it keeps no other from being emptied. */
function empty(stub: { forget(): Promise<boolean> }): Promise<boolean> {
  return stub.forget().catch(() => false);
}

function isObjectId(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

async function inTurns<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += AT_ONCE) await Promise.all(items.slice(start, start + AT_ONCE).map(act));
}
