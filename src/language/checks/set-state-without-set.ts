import type { Check } from './check.ts';
import { keysOf } from './state-access.ts';

/**
 * `setState({…})` in code fills the keys that the agent's `set: [key]` declares (LANGUAGE §4.2). Without any `set`, the keys that the calls name are taken as
 * declared, with a warning; beside one, a key that it does not list would be dropped.
 */
export const setStateWithoutSet: Check = {
  codes: ['set-state-without-set', 'implicit-set'],
  check(body, findings) {
    for (const { model, code } of body.agents) {
      if (code?.type !== 'inline') continue;
      const declared = keysOf(model.set).map((key) => key.text);
      const all = new Set([...declared, ...code.body.stateWrites.flatMap(({ key }) => key ?? [])]);
      const help = `declare what it writes: \`state: { set: [${[...all].join(', ') || 'key'}] }\``;
      for (const { key, span } of code.body.stateWrites) {
        if (key === undefined ? declared.length > 0 : declared.includes(key)) continue;
        const what = key === undefined ? 'calls `setState`' : `sets "${key}" with \`setState\``;
        const message = `"${model.name.text}" ${what} but does not declare it`;
        if (model.set.type === 'none' && key !== undefined) findings.report('implicit-set', span, message, { help });
        else findings.report('set-state-without-set', span, message, { help });
      }
    }
  },
};
