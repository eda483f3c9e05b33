import { agentNameOf } from '../versions/file-names.ts';
import type { Check } from './check.ts';

/** Ensembles find an agent file by the name of the file or of its folder; the name in it is what events and the scope of its state have. */
export const agentFileName: Check = {
  codes: ['agent-file-name'],
  check({ model }, findings) {
    const expected = model.kind === 'agent' ? agentNameOf(model.file) : undefined;
    // Without a name in the file, that of the file stands in.
    if (expected === undefined || expected === model.name.text || model.name.span === model.span) return;
    findings.report('agent-file-name', model.name.span, `the file is called "${expected}" and the agent in it "${model.name.text}"`, {
      help: `ensembles run it as \`agent: ${expected}\`: give both one name`,
    });
  },
};
