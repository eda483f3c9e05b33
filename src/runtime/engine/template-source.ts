import type { Template } from '../../program/expression.ts';

/** A template as its author wrote it, for messages: `${fetch.output.ok}`. */
export function templateSource(template: Template): string {
  switch (template.type) {
    case 'hole':
      return template.source;
    case 'text':
      return template.parts.map((part) => (typeof part === 'string' ? part : part.source)).join('');
    case 'constant':
      return typeof template.value === 'string' ? template.value : JSON.stringify(template.value);
    case 'list':
      return `[${template.items.map(templateSource).join(', ')}]`;
    case 'mapping':
      return `{ ${template.entries.map(({ key, value }) => `${key}: ${templateSource(value)}`).join(', ')} }`;
    default:
      return template satisfies never;
  }
}
