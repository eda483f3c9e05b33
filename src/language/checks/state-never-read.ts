import type { Check } from './check.ts';
import { findStateAccess, initialKeys } from './state-access.ts';

/** What is set in memory is gone when the run ends (LANGUAGE §4). With another backend later runs and other programs may read it. */
export const stateNeverRead: Check = {
  codes: ['state-never-read'],
  check(body, findings, { complete }) {
    const { state } = body.model;
    if (!complete || state.backend !== 'memory') return;
    const { read, used, set, readsAll } = findStateAccess(body);
    if (readsAll) return;
    for (const [key, span] of new Map([...(initialKeys(state) ?? []), ...set])) {
      if (read.has(key) || used.has(key)) continue;
      // A key that the schema lacks is reported as such.
      if (state.schema?.has(key) === false) continue;
      findings.report('state-never-read', span, `the state key "${key}" is set, but nothing reads it`, {
        help: 'with `backend: memory` it is gone when the run ends: read it in an agent or in the `output`, or do not set it',
      });
    }
  },
};
