import type { Hole, Template } from '../../program/expression.ts';
import type { JsonValue } from '../../program/json.ts';
import type { Located, LocatedKey } from '../document/located.ts';
import { type ExpressionOptions, type ExpressionProblem, ParseContext, type Reference } from './context.ts';
import type { NodePlaces } from './node-places.ts';
import { parseIn } from './parse-expression.ts';
import { type Dialect, findExpressions } from './scan.ts';

export interface ParsedTemplate {
  /** Not to be used when there are problems. */
  readonly template: Template;
  readonly references: readonly Reference[];
  readonly problems: readonly ExpressionProblem[];
  readonly places: TemplatePlaces;
}

/** Where a hole's nodes stand, by the hole. */
export type TemplatePlaces = ReadonlyMap<Hole, NodePlaces>;

/** As {@link ExpressionOptions}; places come from the values themselves. */
export type TemplateOptions = Omit<ExpressionOptions, 'places'>;

/**
 * Parses every string of a value of the file as a template, those in lists and mappings included. Keys are plain text: an expression in one is
 * a problem, for its author expects it to be evaluated. A subtree without expressions is one `constant`. Never throws. The offsets of problems and references are relative to their string; their `span` says where that is.
 */
export function parseTemplate(value: Located, options: TemplateOptions): ParsedTemplate {
  const references: Reference[] = [];
  const problems: ExpressionProblem[] = [];
  const allPlaces = new Map<Hole, NodePlaces>();
  const parseText: ParseText = (text, places) => {
    const parsed = parseTemplateText(text, { ...options, places });
    references.push(...parsed.references);
    problems.push(...parsed.problems);
    for (const [hole, nodes] of parsed.places) allPlaces.set(hole, nodes);
    return parsed.template;
  };
  const readKey: ReadKey = ({ text, span }) => {
    const context = new ParseContext({ ...options, places: () => span });
    const [mark] = findExpressions(text);
    if (mark !== undefined) reportKey(text.slice(mark.start + 2, (mark.end ?? text.length) - 1), text, context);
    problems.push(...context.problems);
    return unescapeMarks(text);
  };
  const template = walk(value, parseText, readKey);
  return { template, references, problems, places: allPlaces };
}

type ParseText = (text: string, places: ExpressionOptions['places']) => Template;
type ReadKey = (key: LocatedKey) => string;

function walk(value: Located, parseText: ParseText, readKey: ReadKey): Template {
  switch (value.kind) {
    case 'scalar':
      if (typeof value.value !== 'string') return { type: 'constant', value: value.value };
      return parseText(value.value, (start, end) => value.at(start, end));
    case 'list': {
      const items = value.items.map((item) => walk(item, parseText, readKey));
      const constants = items.filter((item) => item.type === 'constant');
      if (constants.length === items.length) return { type: 'constant', value: constants.map((item) => item.value) };
      return { type: 'list', items };
    }
    case 'mapping': {
      const entries = value.entries.map((entry) => ({ key: readKey(entry.key), value: walk(entry.value, parseText, readKey) }));
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

const NO_PLACES: TemplatePlaces = new Map();

/**
 * Splits a string into text and expressions and parses them (LANGUAGE §3). Exactly one expression → `hole`, which keeps its value's type;
 * expressions among text → `text`; none → `constant`. `$${` and `$$<` become the literal `${` and `$<`. Never throws; positions in problems
 * and references are offsets into `text`.
 */
export function parseTemplateText(text: string, options: ExpressionOptions): ParsedTemplate {
  if (!text.includes('${') && !text.includes('$<')) {
    return { template: { type: 'constant', value: text }, references: [], problems: [], places: NO_PLACES };
  }
  const context = new ParseContext(options);
  const parts: (string | Hole)[] = [];
  const places = new Map<Hole, NodePlaces>();
  let done = 0;
  const addText = (end: number): void => {
    const literal = unescapeMarks(text.slice(done, end));
    if (literal !== '') parts.push(literal);
  };
  for (const mark of findExpressions(text)) {
    if (mark.end === undefined) {
      reportUnclosed(mark.dialect, mark.start, text, context);
      continue;
    }
    addText(mark.start);
    done = mark.end;
    const expression = parseIn(mark.dialect, text.slice(mark.start + 2, mark.end - 1), mark.start + 2, context);
    const span = context.place(mark.start, mark.end);
    const place = { line: span.line, column: span.column };
    const hole: Hole = { type: 'hole', source: text.slice(mark.start, mark.end), expression, place };
    parts.push(hole);
    places.set(hole, context.places);
  }
  addText(text.length);
  return { template: buildTemplate(parts), references: context.references, problems: context.problems, places };
}

function unescapeMarks(literal: string): string {
  return literal.replaceAll(/\$(\$[{<])/g, '$1');
}

function buildTemplate(parts: readonly (string | Hole)[]): Template {
  const [first] = parts;
  if (parts.length === 1 && typeof first === 'object') return first;
  if (parts.every((part) => typeof part === 'string')) return { type: 'constant', value: parts.join('') };
  return { type: 'text', parts };
}

function reportKey(expression: string, key: string, context: ParseContext): void {
  const help = `Write the mapping as one expression: \`\${{ [${expression.trim()}]: … }}\`; for the characters themselves write \`$\${\`.`;
  context.report('expression-not-allowed', 'a key is plain text: the expression in it would not be evaluated', 0, key.length, help);
}

function reportUnclosed(dialect: Dialect, start: number, text: string, context: ParseContext): void {
  const [open, close] = dialect === 'js' ? ['${', '}'] : ['$<', '>'];
  const help = `Close it with \`${close}\`, or write \`$${open}\` for the literal characters.`;
  context.report('unclosed-expression', `\`${open}\` is not closed`, start, Math.min(start + 2, text.length), help);
}
