import type { Expression, Template } from '../../program/expression.ts';
import type { Located } from '../document/located.ts';
import { everyExpression } from '../expression/children-of.ts';
import { Fields } from '../model/fields.ts';
import type { Findings } from '../model/findings.ts';
import type { ParsedBody } from '../model/parsed-body.ts';
import type { BodyTypes } from '../types/body-types.ts';
import type { Environment } from '../types/environment.ts';
import { inferType, type TypedExpression } from '../types/infer/infer.ts';
import { truthOf } from '../types/truth.ts';
import type { Type } from '../types/type.ts';
import type { TypedHole } from '../types/typed-values.ts';
import { mayBe } from '../types/union.ts';
import type { Check } from './check.ts';
import { describeType } from './types/describe-type.ts';
import { liveNodes } from './types/live-nodes.ts';
import { operandFault } from './types/operand-fault.ts';
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

interface Condition {
  readonly what: string;
  readonly key: string;
  readonly truthy: string;
  readonly falsy: string;
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
        truthy: 'the agent always runs',
        falsy: 'the agent never runs',
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
    return [...found, { what, key: 'that', truthy: 'it never fails', falsy: 'it always fails', written, template, environment }];
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
        truthy: 'those after it are never given',
        falsy: 'it is never given',
        written,
        template: when.template,
        environment: types.environment(),
      },
    ];
  });
}

function judge(condition: Condition, findings: Findings): void {
  const { what, written } = condition;
  const verdict = judgeTemplate(condition);
  if (verdict !== undefined) findings.report('constant-condition', written.span, `${what} ${verdict.message}`, { help: verdict.help });
}

interface Verdict {
  readonly message: string;
  readonly help?: string | undefined;
}

function judgeTemplate({ key, truthy, falsy, template, environment }: Condition): Verdict | undefined {
  const effect = (truth: boolean): string => (truth ? `true: ${truthy}` : `false: ${falsy}`);
  switch (template.type) {
    case 'constant': {
      if (typeof template.value !== 'string') return undefined;
      const help = `write an expression: \`${key}: \${${template.value || '…'}}\``;
      return { message: `is plain text, which is always ${effect(template.value !== '')}`, help };
    }
    case 'text': {
      if (!template.parts.some((part) => typeof part === 'string')) return undefined;
      const help = `write it as one expression: \`${key}: \${…}\``;
      return { message: `is text with an expression in it, which is always ${effect(true)}`, help };
    }
    case 'hole': {
      const { expression } = template;
      const typed = inferType(expression, environment);
      if (isSaid(expression, typed)) return undefined;
      const truth = truthOf(typed.type);
      if (truth !== undefined) return { message: `${isAlways(typed.type)} ${effect(truth)}`, help: helpFor(expression, typed) };
      return readsNothing(expression) ? { message: 'reads nothing of the run: it is always the same' } : undefined;
    }
    default: {
      const [what, thing] = template.type === 'list' ? ['a list', 'list'] : ['a mapping', 'mapping'];
      return { message: `is ${what}, which is always ${effect(true)}`, help: `write an expression in place of the ${thing}` };
    }
  }
}

/** `true` and `false` are meant, and what a comparison makes constant `wrong-operand` tells. */
function isSaid(expression: Expression, typed: TypedExpression): boolean {
  return (expression.type === 'literal' && typeof expression.value === 'boolean') || operandFault(expression, typed) !== undefined;
}

/** `is always` for what compares or is compared; of anything else its kind says why. */
function isAlways(type: Type): string {
  return type.kind === 'boolean' ? 'is always' : `is ${describeType(type)}, which is always`;
}

const QUESTIONS = ['found', 'success', 'executed', 'ok'];

/** Of `!list` what matters is the list. */
function helpFor(test: Expression, typed: TypedExpression): string | undefined {
  if (test.type === 'unary' && test.operator === '!') return helpFor(test.operand, typed);
  if (
    test.type === 'binary' &&
    (isMissingAskedForNull(test.left, test.right, typed) || isMissingAskedForNull(test.right, test.left, typed))
  ) {
    return `what is missing is undefined, not null: write \`${test.operator.slice(0, 2)} null\`, which asks for both`;
  }
  const type = typed.typeOf(test);
  if (type.kind === 'list') return 'an empty list is true as well: ask for `.length > 0`';
  if (type.kind !== 'object') return undefined;
  const question = QUESTIONS.find((name) => type.properties.has(name));
  return question === undefined ? 'an empty object is true as well: ask for one of its properties' : `ask for its \`.${question}\``;
}

function isMissingAskedForNull(value: Expression, other: Expression, typed: TypedExpression): boolean {
  return other.type === 'literal' && other.value === null && mayBe(typed.typeOf(value), ({ kind }) => kind === 'undefined');
}

/** What asks the clock, or chance. */
const CHANGING: ReadonlySet<string> = new Set(['Date.now', 'Math.random', 'crypto.randomUUID', 'new Date']);

function readsNothing(expression: Expression): boolean {
  const nodes = [...everyExpression(expression)];
  return nodes.every((node) => node.type !== 'root' && node.type !== 'agent' && !(node.type === 'builtin' && CHANGING.has(node.name)));
}

function judgeTests(typed: TypedHole, findings: Findings): void {
  for (const node of liveNodes(typed)) {
    if (node.type !== 'conditional') continue;
    const type = typed.typed.typeOf(node.test);
    const truth = truthOf(type);
    const span = typed.places?.spanOf(node.test);
    if (truth === undefined || span === undefined || isSaid(node.test, typed.typed)) continue;
    const side = truth ? 'what stands after `:` is never taken' : 'what stands after `?` is never taken';
    findings.report('constant-condition', span, `${spellNode(node.test)} ${isAlways(type)} ${truth}: ${side}`, {
      help: helpFor(node.test, typed.typed),
    });
  }
}
