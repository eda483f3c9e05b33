import { suggest } from '../../program/suggest.ts';
import { everyStep } from '../model/step-model.ts';
import type { Check } from './check.ts';

/** An entry `- agent: name` of `flow` runs an agent that `agents` defines (LANGUAGE §6.4). */
export const unknownFlowAgent: Check = {
  codes: ['unknown-flow-agent'],
  check({ model }, findings) {
    if (model.flow === undefined) return;
    const names = [...everyStep(model.steps)].flatMap((step) => (step.type === 'agent' && step.agent.named ? [step.name.text] : []));
    for (const step of everyStep(model.flow)) {
      if (step.type !== 'run' || step.agent !== undefined) continue;
      const near = suggest(step.reference.text, names);
      const defined =
        names.length === 0
          ? '`agents` defines none'
          : `\`agents\` defines ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`;
      findings.report('unknown-flow-agent', step.reference.span, `\`agents\` defines no agent "${step.reference.text}"`, {
        help: near === undefined ? defined : `did you mean "${near}"? ${defined}`,
      });
    }
  },
};
