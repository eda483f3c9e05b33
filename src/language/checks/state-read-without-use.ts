import { usesAll } from '../model/body-model.ts';
import { type ParsedAgent, type ParsedBody, setReads, workReads } from '../model/parsed-body.ts';
import type { Check } from './check.ts';
import { buildUseAddition } from './use-list-fix.ts';

/** An agent sees only the state keys that its `use` declares (LANGUAGE §4.1); a key that it reads without would always be missing. */
export const stateReadWithoutUse: Check = {
  codes: ['state-read-without-use', 'empty-state-view'],
  check(body, findings, { text }) {
    for (const agent of body.agents) {
      if (usesAll(agent.model, body.model)) continue;
      const used = new Set(agent.model.use.map((word) => word.text));
      for (const { kind, name, path, span } of [...workReads(agent), ...setReads(agent)]) {
        if (kind !== 'root' || name !== 'state') continue;
        const [key] = path;
        if (key === undefined) {
          if (used.size > 0) continue;
          findings.report(
            'empty-state-view',
            span,
            `"${agent.model.name.text}" reads the state but declares no key of it: it sees an empty object`,
            {
              help: 'declare what it reads with `state: { use: [key] }`, or all of it with `use: [state]`',
            },
          );
        } else if (!used.has(key)) {
          findings.report('state-read-without-use', span, `"${agent.model.name.text}" reads state.${key} but does not declare it`, {
            help: help(key, used, agent, body),
            fix: body.model.state.schema?.has(key) === false ? undefined : buildUseAddition(agent.model, key, text),
          });
        }
      }
    }
  },
};

function help(key: string, used: ReadonlySet<string>, agent: ParsedAgent, body: ParsedBody): string {
  const schema = body.model.state.schema;
  if (schema !== undefined && !schema.has(key))
    return `\`state.schema\` has no such key; it declares ${[...schema.keys()].join(', ') || 'none'}`;
  return `add it to the agent's state: \`use: [${[...used, key].join(', ')}]\`${agent.model.set.type === 'none' ? '' : '; `set` alone lets it write, not read'}`;
}
