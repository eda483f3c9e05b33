import type { Host } from '../../node/host.ts';
import type { RevealWish, ScopeAddress, ScopeChange } from '../../program/state-calls.ts';
import { askState } from './ask-state.ts';

export interface HistoryRange extends RevealWish {
  /** Of this key alone. */
  readonly key?: string;
  /** Of later versions than this one. */
  readonly since?: number;
}

/** The history of a scope, oldest first, page by page. */
export async function* readHistory(host: Host, address: ScopeAddress, range: HistoryRange): AsyncGenerator<ScopeChange, void> {
  let after: number | undefined;
  for (;;) {
    const ask = { action: 'history', address, ...range, ...(after === undefined ? {} : { after }) } as const;
    const page = await askState(host, ask, 'history');
    yield* page.changes;
    if (page.next === undefined) return;
    after = page.next;
  }
}
