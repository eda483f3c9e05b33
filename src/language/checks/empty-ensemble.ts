import type { Check } from './check.ts';

/** An ensemble without agents runs, does nothing and succeeds. */
export const emptyEnsemble: Check = {
  codes: ['empty-ensemble'],
  check({ model }, findings, { complete }) {
    if (!complete || model.kind !== 'ensemble' || model.steps.length > 0 || (model.flow?.length ?? 0) > 0) return;
    const agents = model.source.entries.find(({ key }) => key.text === 'agents');
    findings.report(
      'empty-ensemble',
      agents?.key.span ?? model.name.span,
      `the ensemble "${model.name.text}" has no agents: it does nothing`,
      {
        help: 'list what it should do under `agents:`',
      },
    );
  },
};
