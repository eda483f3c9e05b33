import type { Expression, Template } from '../../../program/expression.ts';
import { everyExpression } from '../../expression/children-of.ts';
import type { Environment } from '../../types/environment.ts';
import { inferType, type TypedExpression } from '../../types/infer/infer.ts';
import { truthOf } from '../../types/truth.ts';
import type { Type } from '../../types/type.ts';
import { mayBe } from '../../types/union.ts';
import { describeType } from './describe-type.ts';
import { operandFault } from './operand-fault.ts';

/** What is asked, and what it means when the answer is always the same. */
export interface Question {
  readonly key: string;
  readonly truthy: string;
  readonly falsy: string;
}

export interface Verdict {
  readonly message: string;
  readonly help?: string | undefined;
}

/** Why a condition is always the same; undefined when it is not, when a `true` or `false` is meant, or when another rule tells. */
export function constantVerdict({ key, truthy, falsy }: Question, template: Template, environment: Environment): Verdict | undefined {
  const effect = (truth: boolean): string => (truth ? truthy : falsy);
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
      if (isMeantOrSaid(expression, typed)) return undefined;
      const truth = truthOf(typed.type);
      if (truth !== undefined) return { message: `${whyAlways(typed.type)} ${effect(truth)}`, help: helpForTest(expression, typed) };
      return readsNothing(expression) ? { message: 'reads nothing of the run: it is always the same' } : undefined;
    }
    default: {
      const [what, thing] = template.type === 'list' ? ['a list', 'list'] : ['a mapping', 'mapping'];
      return { message: `is ${what}, which is always ${effect(true)}`, help: `write an expression in place of the ${thing}` };
    }
  }
}

/** `true` and `false` are meant, and what a comparison makes constant `wrong-operand` tells. */
export function isMeantOrSaid(expression: Expression, typed: TypedExpression): boolean {
  return (expression.type === 'literal' && typeof expression.value === 'boolean') || operandFault(expression, typed) !== undefined;
}

/** `is always` for what compares or is compared; of anything else its kind says why. */
export function whyAlways(type: Type): string {
  return type.kind === 'boolean' ? 'is always' : `is ${describeType(type)}, which is always`;
}

const QUESTIONS = ['found', 'success', 'executed', 'ok'];

/** Of `!list` what matters is the list. */
export function helpForTest(test: Expression, typed: TypedExpression): string | undefined {
  if (test.type === 'unary' && test.operator === '!') return helpForTest(test.operand, typed);
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
