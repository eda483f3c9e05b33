import { usesAll } from '../model/body-model.ts';
import type { Check } from './check.ts';
import { findFlowReads, keysReadBy } from './state-access.ts';
import { openUseLists } from './use-list-fix.ts';

/**
 * `use` says what an agent reads, and agents side by side wait for the writers of what they use (LANGUAGE §4.1, §6.3): a key too many makes them
 * wait for nothing, and misleads whoever reads the file.
 */
export const unneededUse: Check = {
  codes: ['unneeded-use'],
  check(body, findings, { text, complete }) {
    if (!complete) return;
    const lists = openUseLists(text);
    const inFlow = findFlowReads(body);
    for (const agent of body.agents) {
      const { model } = agent;
      if (model.use.length === 0) continue;
      const read = keysReadBy(agent, inFlow.get(model) ?? []);
      const seen = new Set<string>();
      for (const word of model.use) {
        const key = word.text;
        const again = seen.has(key);
        seen.add(key);
        const all = key === 'state' && usesAll(model, body.model);
        if (!all && body.model.state.schema?.has(key) === false) continue;
        const needed = read === undefined || (all ? read.size > 0 : read.has(key));
        if (needed && !again) continue;
        const what = all ? 'the state' : `state.${key}`;
        findings.report(
          'unneeded-use',
          word.span,
          again
            ? `"${model.name.text}" lists "${key}" twice in its \`use\``
            : `"${model.name.text}" declares that it uses ${what} but never reads it`,
          { help: `take "${key}" out of its \`use\``, fix: lists(model).remove(word) },
        );
      }
    }
  },
};
