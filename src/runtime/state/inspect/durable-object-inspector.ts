import type { HistoryAsk, HistoryPoint, HistoryReply, ReadReply, ScopeInspector } from './scope-inspector.ts';

/** What the object that holds a scope is asked by a person, over RPC. */
export type ObjectAsk =
  | { readonly type: 'exists' }
  | { readonly type: 'read'; readonly point?: HistoryPoint }
  | { readonly type: 'history'; readonly ask: HistoryAsk };

/** The object's side. The answer is JSON text: no structured clone gets to interpret a key such as `__proto__`. */
export interface InspectedObject {
  inspect(ask: ObjectAsk): Promise<string>;
}

/** Looks at a scope that a Durable Object holds. Asking an object makes it: only one that is known to be there may be asked. */
export function createDurableObjectInspector(object: InspectedObject): ScopeInspector {
  return {
    exists: async () => JSON.parse(await object.inspect({ type: 'exists' })) as boolean,
    read: async (point) => {
      return JSON.parse(await object.inspect({ type: 'read', ...(point === undefined ? {} : { point }) })) as ReadReply;
    },
    history: async (ask) => JSON.parse(await object.inspect({ type: 'history', ask })) as HistoryReply,
  };
}

/** Answers in the object. */
export async function answerInspection(inspector: ScopeInspector, ask: ObjectAsk): Promise<string> {
  switch (ask.type) {
    case 'exists':
      return JSON.stringify(await inspector.exists());
    case 'read':
      return JSON.stringify(await inspector.read(ask.point));
    case 'history':
      return JSON.stringify(await inspector.history(ask.ask));
    default:
      return ask satisfies never;
  }
}
