import type { Template } from '../../program/expression.ts';
import type { Located } from '../document/located.ts';
import { everyExpression } from '../expression/children-of.ts';
import { Fields } from '../model/fields.ts';
import type { Findings } from '../model/findings.ts';
import type { ParsedBody } from '../model/parsed-body.ts';
import type { BodyTypes } from '../types/body-types.ts';
import type { Environment } from '../types/environment.ts';
import { typeOfTemplate } from '../types/template-type.ts';
import { truthOf } from '../types/truth.ts';
import type { Type } from '../types/type.ts';
import type { TypedHole } from '../types/typed-values.ts';
import type { Check } from './check.ts';
import { describeType } from './types/describe-type.ts';
import { liveNodes } from './types/live-nodes.ts';
import { settingOf } from './types/setting.ts';
import { spellNode } from './types/spell-node.ts';

/**
 * A condition that is text is always true: the author most likely forgot the `${…}` around it. So is one whose value is an object or a list whatever happens,
 * and one that reads nothing. The same holds for what an `assert` claims, for the `when` of a response and for the test of a `?:`.
 */
export const constantCondition: Check = {
  codes: ['constant-condition'],
  check(body, findings, { types }) {
    for (const condition of conditionsOf(body, types)) judge(condition, findings);
    for (const typed of types.holes) judgeTests(typed, findings);
  },
};

interface Condition {
  readonly what: string;
  readonly key: string;
  readonly truthy: string;
  readonly falsy: string;
  readonly written: Located;
  readonly template: Template;
  readonly environment: Environment;
}

function conditionsOf(body: ParsedBody, types: BodyTypes): readonly Condition[] {
  const conditions: Condition[] = [];
  for (const agent of body.agents) {
    const { name, condition, work, config } = agent.model;
    if (condition !== undefined && agent.condition !== undefined) {
      const words = {
        what: `the condition of "${name.text}"`,
        key: 'condition',
        truthy: 'the agent always runs',
        falsy: 'the agent never runs',
      };
      conditions.push({ ...words, written: condition, template: agent.condition.template, environment: types.agentEnvironment(agent) });
    }
    if (work.type !== 'operation' || work.operation.text !== 'assert' || config?.kind !== 'mapping') continue;
    const written = new Fields(config).value('that');
    const template = settingOf(agent.config?.template, 'that');
    const words = { what: `what "${name.text}" asserts`, key: 'that', truthy: 'it never fails', falsy: 'it always fails' };
    if (written !== undefined && template !== undefined)
      conditions.push({ ...words, written, template, environment: types.workEnvironment(agent) });
  }
  const blocks = body.model.output?.kind === 'list' && body.output?.type === 'responses' ? body.model.output.items : [];
  for (const [index, block] of blocks.entries()) {
    const written = new Fields(block).value('when');
    const template = body.output?.type === 'responses' ? body.output.responses[index]?.when?.template : undefined;
    if (written === undefined || template === undefined) continue;
    const words = {
      what: 'the `when` of this response',
      key: 'when',
      truthy: 'those after it are never given',
      falsy: 'it is never given',
    };
    conditions.push({ ...words, written, template, environment: types.environment() });
  }
  return conditions;
}

function judge(condition: Condition, findings: Findings): void {
  const { what, key, truthy, falsy, written, template } = condition;
  if (template.type === 'constant' && typeof template.value === 'string') {
    const always = template.value === '' ? `false: ${falsy}` : `true: ${truthy}`;
    findings.report('constant-condition', written.span, `${what} is plain text, which is always ${always}`, {
      help: `write an expression: \`${key}: \${${template.value || '…'}}\``,
    });
    return;
  }
  const type = typeOfTemplate(template, condition.environment);
  const truth = template.type === 'text' && template.parts.some((part) => typeof part === 'string') ? true : truthOf(type);
  if (truth === undefined) {
    if (!isConstant(template)) return;
    findings.report('constant-condition', written.span, `${what} reads nothing of the run: it is always the same`);
    return;
  }
  const isText = template.type === 'text';
  const value = isText ? 'text around an expression' : describeValue(type);
  findings.report(
    'constant-condition',
    written.span,
    `${what} is ${value}, which is always ${truth ? `true: ${truthy}` : `false: ${falsy}`}`,
    {
      help: isText ? `write it as one expression: \`${key}: \${…}\`` : helpFor(type),
    },
  );
}

/** `true` is no more than itself; of anything else its kind says why it is always true. */
function describeValue(type: Type): string {
  return type.kind === 'boolean' ? 'a comparison or a constant' : describeType(type);
}

function helpFor(type: Type): string | undefined {
  if (type.kind === 'list') return 'an empty list is true as well: ask for `.length > 0`';
  if (type.kind !== 'object') return undefined;
  const question = ['found', 'success', 'executed', 'ok'].find((name) => type.properties.has(name));
  return question === undefined ? 'an empty object is true as well: ask for one of its properties' : `ask for its \`.${question}\``;
}

/** Nothing of the run is read, and neither the clock nor chance is asked. */
function isConstant(template: Template): boolean {
  if (template.type !== 'hole') return template.type === 'constant';
  for (const node of everyExpression(template.expression)) {
    if (node.type === 'root' || node.type === 'agent') return false;
    if (node.type === 'builtin' && ASKING.has(node.name)) return false;
  }
  return true;
}

const ASKING: ReadonlySet<string> = new Set(['Date.now', 'Math.random', 'crypto.randomUUID', 'new Date']);

function judgeTests(typed: TypedHole, findings: Findings): void {
  for (const node of liveNodes(typed)) {
    if (node.type !== 'conditional') continue;
    const type = typed.typed.typeOf(node.test);
    const truth = truthOf(type);
    const span = typed.places?.spanOf(node.test);
    if (truth === undefined || span === undefined) continue;
    findings.report(
      'constant-condition',
      span,
      `${spellNode(node.test)} is ${describeValue(type)}, which is always ${truth}: only one side of the \`?:\` is ever taken`,
      {
        help: helpFor(type),
      },
    );
  }
}
