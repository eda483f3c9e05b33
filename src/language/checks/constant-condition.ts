import type { Template } from '../../program/expression.ts';
import type { Located } from '../document/located.ts';
import { Fields } from '../model/fields.ts';
import type { Findings } from '../model/findings.ts';
import type { ParsedBody } from '../model/parsed-body.ts';
import type { BodyTypes } from '../types/body-types.ts';
import type { Environment } from '../types/environment.ts';
import { truthOf } from '../types/truth.ts';
import type { TypedHole } from '../types/typed-values.ts';
import type { Check } from './check.ts';
import { constantVerdict, helpForTest, isMeantOrSaid, type Question, whyAlways } from './types/constant-verdict.ts';
import { liveNodes } from './types/live-nodes.ts';
import { settingOf } from './types/setting.ts';
import { spellNode } from './types/spell-node.ts';

/**
 * A condition that is text is always true: the author most likely forgot the `${…}` around it. So is one whose value is a list or an object whatever the run brings,
 * and one that reads nothing is always the same. This holds for what an `assert` claims, for the `when` of a response and for the test of a `?:` as well. A `true` or
 * `false` that is written out is meant.
 */
export const constantCondition: Check = {
  codes: ['constant-condition'],
  check(body, findings, { types }) {
    for (const condition of [...agentConditions(body, types), ...responseConditions(body, types)]) judge(condition, findings);
    for (const typed of types.holes) judgeTests(typed, findings);
  },
};

interface Condition extends Question {
  readonly what: string;
  readonly written: Located;
  readonly template: Template;
  readonly environment: Environment;
}

function agentConditions(body: ParsedBody, types: BodyTypes): readonly Condition[] {
  return body.agents.flatMap((agent): readonly Condition[] => {
    const { name, condition, work, config } = agent.model;
    const found: Condition[] = [];
    if (condition !== undefined && agent.condition !== undefined && agent.condition.diagnostics.length === 0) {
      found.push({
        what: `the condition of "${name.text}"`,
        key: 'condition',
        truthy: 'true: the agent always runs',
        falsy: 'false: the agent never runs',
        written: condition,
        template: agent.condition.template,
        environment: types.agentEnvironment(agent),
      });
    }
    const isAssert = work.type === 'operation' && work.operation.text === 'assert' && config?.kind === 'mapping';
    const written = isAssert ? new Fields(config).value('that') : undefined;
    const template = agent.config?.diagnostics.length === 0 ? settingOf(agent.config.template, 'that') : undefined;
    if (written === undefined || template === undefined) return found;
    const what = `what "${name.text}" asserts`;
    const environment = types.workEnvironment(agent);
    return [
      ...found,
      { what, key: 'that', truthy: 'true: it never fails', falsy: 'false: it always fails', written, template, environment },
    ];
  });
}

function responseConditions({ model, output }: ParsedBody, types: BodyTypes): readonly Condition[] {
  if (output?.type !== 'responses' || model.output?.kind !== 'list') return [];
  return model.output.items.flatMap((block, index): readonly Condition[] => {
    const written = new Fields(block).value('when');
    const when = output.responses[index]?.when;
    if (written === undefined || when === undefined || when.diagnostics.length > 0) return [];
    return [
      {
        what: 'the `when` of this response',
        key: 'when',
        truthy: 'true: those after it are never given',
        falsy: 'false: it is never given',
        written,
        template: when.template,
        environment: types.environment(),
      },
    ];
  });
}

function judge(condition: Condition, findings: Findings): void {
  const { what, written, template, environment } = condition;
  const verdict = constantVerdict(condition, template, environment);
  if (verdict !== undefined) findings.report('constant-condition', written.span, `${what} ${verdict.message}`, { help: verdict.help });
}

function judgeTests(typed: TypedHole, findings: Findings): void {
  for (const node of liveNodes(typed)) {
    if (node.type !== 'conditional') continue;
    const type = typed.typed.typeOf(node.test);
    const truth = truthOf(type);
    const span = typed.places?.spanOf(node.test);
    if (truth === undefined || span === undefined || isMeantOrSaid(node.test, typed.typed)) continue;
    const side = truth ? 'what stands after `:` is never taken' : 'what stands after `?` is never taken';
    findings.report('constant-condition', span, `${spellNode(node.test)} ${whyAlways(type)} ${truth}: ${side}`, {
      help: helpForTest(node.test, typed.typed),
    });
  }
}
