import type { Template } from '../../../program/expression.ts';
import type { JsonValue } from '../../../program/json.ts';
import { failure } from '../../failure.ts';
import { describeValue } from '../../schema/describe.ts';
import { findExcess } from '../json-size.ts';
import { stepLine } from '../replay/event-lines.ts';
import type { FlowFrame } from './flow-frame.ts';

/** What a loop goes over. */
export interface Items {
  readonly items: readonly JsonValue[];
  readonly tainted: boolean;
}

/** Evaluates the `items` of a loop, and journals that it begins. Throws CONFIG_INVALID when they are no list, and what their expression throws. */
export function readItems(frame: FlowFrame, template: Template): Items {
  const recorded = frame.context.run.replay?.peek(stepLine(frame.path));
  if (recorded?.type === 'step.started' && recorded.items !== undefined) {
    frame.start({ items: recorded.items });
    return { items: recorded.items, tainted: frame.noteTaint(template) };
  }
  const { value, tainted } = frame.evaluate(template);
  if (!Array.isArray(value)) throw failure('CONFIG_INVALID', `items: expected a list, found ${describeValue(value)}.`);
  const excess = findExcess(value);
  if (excess !== undefined) throw failure('OUTPUT_TOO_LARGE', `The value of \`items\` is ${excess}.`);
  const items: readonly JsonValue[] = value;
  frame.start({ items });
  return { items, tainted };
}
