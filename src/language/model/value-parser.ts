import { createDiagnostic, type Span } from '../../program/diagnostic.ts';
import { createSuggester } from '../../program/suggest.ts';
import type { Located } from '../document/located.ts';
import { parseTemplate, parseTemplateText } from '../expression/template.ts';
import type { ParsedValue } from './read.ts';

/** Parses the expressions of one body: its agents are the names they know. */
export interface ValueParser {
  readonly agents: ReadonlySet<string>;
  /** A value of the file, whatever its kind. */
  value(located: Located): ParsedValue;
  /** One text that stands at `places(start, end)` of the file. */
  text(text: string, places: (start: number, end: number) => Span): ParsedValue;
}

export function createValueParser(agents: ReadonlySet<string>): ValueParser {
  const names = { agents, suggest: createSuggester() };
  return {
    agents,
    value: (located) => toParsedValue(parseTemplate(located, { names })),
    text: (text, places) => toParsedValue(parseTemplateText(text, { names, places })),
  };
}

function toParsedValue({ template, references, problems, places }: ReturnType<typeof parseTemplate>): ParsedValue {
  return {
    template,
    reads: references,
    places,
    diagnostics: problems.map(({ code, message, span, help }) => createDiagnostic(code, span, message, { help })),
  };
}
