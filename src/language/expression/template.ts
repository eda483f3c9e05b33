import type { Template } from '../../program/expression.ts';
import type { JsonValue } from '../../program/json.ts';
import type { Located } from '../document/located.ts';
import type { ExpressionOptions, ExpressionProblem, Reference } from './context.ts';
import { type ParsedTemplate, parseTemplateText } from './template-text.ts';

/** As {@link ExpressionOptions}; places come from the values themselves. */
export type TemplateOptions = Omit<ExpressionOptions, 'places'>;

/**
 * Parses every string of a value of the file as a template: lists and mappings included, keys as plain text. A subtree without expressions is
 * one `constant`. Never throws. The offsets of problems and references are relative to their string; their `span` says where that is.
 */
export function parseTemplate(value: Located, options: TemplateOptions): ParsedTemplate {
  const references: Reference[] = [];
  const problems: ExpressionProblem[] = [];
  const template = walk(value, (text, places) => {
    const parsed = parseTemplateText(text, { ...options, places });
    references.push(...parsed.references);
    problems.push(...parsed.problems);
    return parsed.template;
  });
  return { template, references, problems };
}

type ParseText = (text: string, places: ExpressionOptions['places']) => Template;

function walk(value: Located, parseText: ParseText): Template {
  switch (value.kind) {
    case 'scalar':
      if (typeof value.value !== 'string') return { type: 'constant', value: value.value };
      return parseText(value.value, (start, end) => value.at(start, end));
    case 'list': {
      const items = value.items.map((item) => walk(item, parseText));
      const constants = items.filter((item) => item.type === 'constant');
      if (constants.length === items.length) return { type: 'constant', value: constants.map((item) => item.value) };
      return { type: 'list', items };
    }
    case 'mapping': {
      const entries = value.entries.map((entry) => ({ key: entry.key.text, value: walk(entry.value, parseText) }));
      return entries.every((entry) => entry.value.type === 'constant')
        ? { type: 'constant', value: constantMapping(entries) }
        : { type: 'mapping', entries };
    }
    default:
      return value satisfies never;
  }
}

/** Keys are data: `__proto__` becomes a plain key, as in JSON.parse, and no object's prototype. */
function constantMapping(entries: readonly { readonly key: string; readonly value: Template }[]): JsonValue {
  const result: Record<string, JsonValue> = {};
  for (const { key, value } of entries) {
    if (value.type !== 'constant') continue;
    Object.defineProperty(result, key, { value: value.value, enumerable: true, configurable: true, writable: true });
  }
  return result;
}
