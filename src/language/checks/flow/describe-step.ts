import type { Span } from '../../../program/diagnostic.ts';
import type { StepModel } from '../../model/step-model.ts';

/** How a message calls a step: `"fetch"`, `the foreach "pages"`, `the branch on line 12`. */
export function describeStep(step: StepModel): string {
  if (step.type === 'agent' || step.type === 'run') return `"${step.name.text}"`;
  return step.name === undefined ? `the ${step.type} on line ${step.keyword.span.line}` : `the ${step.type} "${step.name.text}"`;
}

/** The word of a step that a finding about all of it points at: its name, else what says its kind. */
export function headSpan(step: StepModel): Span {
  if (step.type === 'run') return step.reference.span;
  if (step.type !== 'agent') return step.name?.span ?? step.keyword.span;
  const { name, span } = step;
  return name.span === span ? { ...span, end: span.start + 1, endLine: span.line, endColumn: span.column + 1 } : name.span;
}
