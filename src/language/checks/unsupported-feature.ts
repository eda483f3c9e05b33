import type { Check } from './check.ts';

/** Parts of the language that this version reads but cannot run: said at once, and plainly, instead of running half of the file. */
export const unsupportedFeature: Check = {
  codes: ['unsupported-feature'],
  check({ model }, findings) {
    for (const { feature, span } of model.agents.flatMap((agent) => agent.unsupported)) {
      findings.report('unsupported-feature', span, `${feature} is not supported yet`, {
        help: 'docs/language.md says what is still to come',
      });
    }
  },
};
