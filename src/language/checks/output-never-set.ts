import type { BodyModel } from '../model/body-model.ts';
import { allReads } from '../model/parsed-body.ts';
import type { Check } from './check.ts';
import { constantTruth } from './flow/constant-truth.ts';
import { settingOf } from './types/setting.ts';

/** An agent that has no output, never runs or always fails leaves `.output` undefined, whatever reads it. */
export const outputNeverSet: Check = {
  codes: ['output-never-set'],
  check(body, findings, { types }) {
    const reasons = new Map<string, string>();
    for (const agent of body.agents) {
      const { name, work, config } = { ...agent.model, config: agent.config };
      const isAssert = work.type === 'operation' && work.operation.text === 'assert';
      const that = isAssert && config !== undefined ? settingOf(config.template, 'that') : undefined;
      if (constantTruth(agent.condition?.template) === false) reasons.set(name.text, 'its condition is never true');
      else if (constantTruth(that) === false) reasons.set(name.text, 'its claim never holds, so it always fails');
      else if (types.outputOf(agent.model).kind === 'undefined') reasons.set(name.text, reasonFor(agent.model));
    }
    for (const { kind, name, path, span } of allReads(body)) {
      const reason = kind === 'agent' && path[0] === 'output' ? reasons.get(name) : undefined;
      if (reason === undefined) continue;
      findings.report('output-never-set', span, `"${name}" never has an output: ${reason}`);
    }
  },
};

function reasonFor({ work }: BodyModel['agents'][number]): string {
  if (work.type === 'operation') return `\`${work.operation.text}\` gives none`;
  return 'the file that it runs gives none';
}
