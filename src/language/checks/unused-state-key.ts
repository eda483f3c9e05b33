import type { Check } from './check.ts';
import { findStateAccess, initialKeys } from './state-access.ts';

/** A state key that nothing uses is a leftover, or a sign that its name is spelled in another way elsewhere. */
export const unusedStateKey: Check = {
  codes: ['unused-state-key'],
  check(body, findings, { complete }) {
    const { state } = body.model;
    const given = initialKeys(state);
    // A scope that names its key is shared: others may use what this file only declares.
    const shared = state.backend !== 'memory' && state.key !== undefined;
    if (!complete || shared || given === undefined || body.agents.length === 0) return;
    const { read, used, set, readsAll } = findStateAccess(body);
    if (readsAll) return;
    for (const [key, { name }] of state.schema ?? []) {
      if ([read, used, set, given].some((keys) => keys.has(key))) continue;
      findings.report('unused-state-key', name.span, `nothing reads or sets the state key "${key}"`, {
        help: 'take it out of `state.schema`, or declare it with `use` or `set` in the agents that need it',
      });
    }
  },
};
