import type { Enclosing } from '../../program/find-step.ts';
import type { JsonObject, JsonValue } from '../../program/json.ts';
import type { MapReduceStep } from '../../program/program.ts';
import type { RunSnapshot } from '../../runtime/journal/run-snapshot.ts';
import type { Reader } from './recorded-results.ts';

/** The roots that have a value only inside some steps (LANGUAGE §3.2), as the journal tells them. */
export interface RecordedLocals {
  readonly item: JsonValue | undefined;
  readonly index: number | undefined;
  readonly loop: JsonObject | undefined;
  readonly error: JsonValue | undefined;
  readonly mapResults: readonly JsonValue[] | undefined;
}

const NONE: RecordedLocals = { item: undefined, index: undefined, loop: undefined, error: undefined, mapResults: undefined };

/** What they hold for a step in these others: the innermost that gives one a value counts. */
export function localsAt(snapshot: RunSnapshot, { owner, around }: Reader): RecordedLocals {
  const locals = { ...NONE };
  for (const enclosing of around) Object.assign(locals, localsOf(enclosing, owner, snapshot));
  return locals;
}

function localsOf({ step, path, block, position }: Enclosing, owner: string, snapshot: RunSnapshot): Partial<RecordedLocals> {
  const recorded = snapshot.flow.get(path);
  if (position !== undefined) {
    const item = recorded?.items?.[position];
    return { item, index: position, loop: item === undefined ? { index: position } : { item, index: position } };
  }
  if (block.name === 'catch') return { error: recorded?.decided.find(({ took }) => took === 'catch')?.saw };
  if (block.name === 'onError') return { error: errorOf(path, snapshot) };
  return step.type === 'map-reduce' ? { mapResults: resultsOfMap(step, snapshot, { owner, path }) } : {};
}

function errorOf(agent: string, { agents }: RunSnapshot): JsonObject | undefined {
  const { failure, attempts = 1 } = agents.get(agent) ?? {};
  return failure === undefined ? undefined : { code: failure.code, message: failure.message, attempt: attempts, agent };
}

/** What each item's last step gave; null where it gave nothing. */
function resultsOfMap(step: MapReduceStep, snapshot: RunSnapshot, { owner, path }: { readonly owner: string; readonly path: string }) {
  const last = step.map.at(-1);
  const items = snapshot.flow.get(path)?.items ?? [];
  if (last === undefined) return items.map(() => null);
  const start = owner === '' ? last.path : `${owner}/${last.path}`;
  const positions = path.slice((owner === '' ? step.path : `${owner}/${step.path}`).length);
  return items.map((_, i) => {
    const at = `${start}${positions}[${i}]`;
    return (snapshot.agents.get(at) ?? snapshot.flow.get(at))?.output ?? null;
  });
}
