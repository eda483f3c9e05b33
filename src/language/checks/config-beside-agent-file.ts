import type { Check } from './check.ts';

/** An agent file has a config of its own, in a scope of its own: a second one beside `agent:` would have to be merged across the two. */
export const configBesideAgentFile: Check = {
  codes: ['config-beside-agent-file'],
  check({ model }, findings) {
    for (const { name, work, config } of model.agents) {
      if (config === undefined || (work.type !== 'agent-file' && work.type !== 'own-name') || model.single) continue;
      findings.report('config-beside-agent-file', config.span, `"${name.text}" runs an agent file: its config stands there`, {
        help: 'hand values over with `input:`, which the agent file reads as `${input.…}`',
      });
    }
  },
};
