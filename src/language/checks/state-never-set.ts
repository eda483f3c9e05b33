import type { Check } from './check.ts';
import { findStateAccess, initialKeys } from './state-access.ts';

/** In memory a run begins with what `initial` and the defaults give (LANGUAGE §4): a key that nothing sets is undefined wherever it is read. */
export const stateNeverSet: Check = {
  codes: ['state-never-set'],
  check(body, findings, { complete }) {
    const { state } = body.model;
    const given = initialKeys(state);
    if (!complete || state.backend !== 'memory' || given === undefined) return;
    const { read, used, set } = findStateAccess(body);
    for (const [key, span] of new Map([...used, ...read])) {
      const declared = state.schema?.get(key);
      if (set.has(key) || given.has(key) || declared?.default !== undefined) continue;
      // A key that the schema lacks is reported as such.
      if (state.schema !== undefined && declared === undefined) continue;
      findings.report('state-never-set', span, `the state key "${key}" is read, but nothing ever sets it`, {
        help: `set it in an agent (\`set: { ${key}: … }\`), or give it a value with \`state.initial\``,
      });
    }
  },
};
