import type { Expression, Template } from '../../../program/expression.ts';

/** Every expression of a value of the file. */
export function expressionsOf(template: Template): readonly Expression[] {
  switch (template.type) {
    case 'constant':
      return [];
    case 'hole':
      return [template.expression];
    case 'text':
      return template.parts.flatMap((part) => (typeof part === 'string' ? [] : [part.expression]));
    case 'list':
      return template.items.flatMap(expressionsOf);
    case 'mapping':
      return template.entries.flatMap(({ value }) => expressionsOf(value));
  }
}
