import { Composer, type Document, type ParsedNode, type YAMLError } from 'yaml';
import { createDiagnostic, type Diagnostic } from '../../program/diagnostic.ts';
import { sortDiagnostics } from '../../program/sort-diagnostics.ts';
import type { SourceFile } from '../project-index.ts';
import { MASK, type MaskedSource, maskSource } from '../source/mask.ts';
import { type BuildSource, buildLocated } from './build-located.ts';
import { LineIndex } from './line-index.ts';
import type { Located } from './located.ts';
import { quoteValue } from './quote-value.ts';
import { type FileComments, NO_COMMENTS, readComments } from './read-comments.ts';
import { describeYamlError } from './yaml-error.ts';
import { MAX_DEPTH, parseTokens, readTokenFacts, type Token, type TokenFacts } from './yaml-tokens.ts';

/** `root` is undefined when the file has no content, or none that can be read reliably: then `diagnostics` says why. */
export interface ParsedDocument {
  readonly root: Located | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Only when there are comments to the validator among them, and a root. */
  readonly comments: FileComments;
}

/** What every comment to the validator has in it (src/language/settings/ignore-comment.ts). */
const IGNORE_WORD = 'ensemble-ignore';
const MAX_BYTES = 1024 * 1024;
/** A file of another kind can break YAML on every line; nobody reads on after this many. */
const MAX_YAML_ERRORS = 100;
/** What YAML forbids and what no editor shows: control characters, a lonely carriage return, a byte order mark after the start. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNREADABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\r(?!\n)|(?!^)\uFEFF/g;

/**
 * Reads a YAML 1.2 file (core schema) with expressions in it into values that know their place (LANGUAGE §1.1). Every text ends in a
 * result and diagnostics, none throws. Findings that leave the structure in no doubt (a duplicate key, an unclosed expression) still come with a root.
 */
export function parseDocument(file: SourceFile): ParsedDocument {
  const diagnostics: Diagnostic[] = [];
  const { text, unreadable } = file;
  if (unreadable !== undefined) {
    const span = new LineIndex(file.path, '').span(0, 0);
    const diagnostic = createDiagnostic('unreadable-file', span, `the file cannot be read: ${unreadable}`);
    return { root: undefined, diagnostics: [diagnostic], comments: NO_COMMENTS };
  }
  if (byteLength(text) > MAX_BYTES) {
    const span = new LineIndex(file.path, '').span(0, 0);
    const help = 'split it: agents can live in files of their own (`agents/<name>/agent.yaml`)';
    return {
      root: undefined,
      diagnostics: [createDiagnostic('file-too-large', span, 'the file is larger than 1 MiB', { help })],
      comments: NO_COMMENTS,
    };
  }
  const lines = new LineIndex(file.path, text);
  const report: BuildSource['report'] = (code, start, end, message, help) => {
    const span = lines.span(Math.min(start, text.length), Math.min(end, text.length));
    diagnostics.push(createDiagnostic(code, span, message, { help }));
  };
  reportUnreadable(text, report);
  const source = maskSource(text);
  for (const start of source.unclosed) reportUnclosed(text, start, report);
  const masked = source.masked.replaceAll(UNREADABLE, MASK);
  const tokens = parseTokens(masked);
  const root = readYaml(source, tokens, { text, masked, lines, report, diagnostics });
  if (root) reportRepairs(text, source, lines, diagnostics);
  const comments = root && text.includes(IGNORE_WORD) ? readComments(tokens, text) : NO_COMMENTS;
  return { root, diagnostics: sortDiagnostics(diagnostics), comments };
}

function readYaml(masked: MaskedSource, tokens: readonly Token[], source: BuildSource): Located | undefined {
  const facts = readTokenFacts(tokens);
  if (facts.tooDeep !== undefined) {
    const message = `values are nested more than ${MAX_DEPTH} levels deep`;
    source.report('too-deep', facts.tooDeep, facts.tooDeep + 1, message);
    return undefined;
  }
  const options = { keepSourceTokens: false, uniqueKeys: false, merge: false, resolveKnownTags: false, strict: true } as const;
  const documents = withoutStacks((): Document.Parsed[] => [...new Composer(options).compose(tokens, true, source.masked.length)]);
  const errors = documents.flatMap((document) => [...document.errors, ...document.warnings.filter(isUnknownTag)]);
  if (errors.length > 0 || facts.unclosed) {
    reportYamlErrors(errors, facts, masked.unclosed, source);
    return undefined;
  }
  const [document, second] = documents;
  if (second) {
    const at = source.masked.indexOf('---', document?.range[1] ?? 0);
    const start = at === -1 ? second.range[0] : at;
    source.report('several-documents', start, start + 3, 'a second document begins here', 'put each ensemble into a file of its own');
  }
  const contents: ParsedNode | null | undefined = document?.contents;
  if (!contents || contents.range[0] === contents.range[1]) {
    source.report('empty-file', 0, 0, 'the file has no content', 'an ensemble begins with `ensemble: <name>` and has `agents:`');
    return undefined;
  }
  return buildLocated(contents, source);
}

/** The library makes an Error of each finding; of a file with 100,000 of them the stacks alone would take a second. */
function withoutStacks<Result>(compose: () => Result): Result {
  const settings = Error as object as { stackTraceLimit?: unknown };
  const { stackTraceLimit } = settings;
  settings.stackTraceLimit = 0;
  try {
    return compose();
  } finally {
    settings.stackTraceLimit = stackTraceLimit;
  }
}

const isUnknownTag = (warning: YAMLError): boolean => warning.code === 'TAG_RESOLVE_FAILED' || warning.code === 'BAD_COLLECTION_TYPE';

/**
 * An opening quote or bracket that never closes makes YAML complain about all that follows: only the opening is reported then. An unclosed
 * expression does the same to its own line. Of each other line the first error is enough: the next ones follow from it.
 */
function reportYamlErrors(
  errors: readonly YAMLError[],
  { unclosed }: TokenFacts,
  openExpressions: readonly number[],
  source: BuildSource,
): void {
  const lineOf = (offset: number): number => source.lines.position(offset).line;
  const spoilt = new Set(openExpressions.map(lineOf));
  if (unclosed && !spoilt.has(lineOf(unclosed.start))) {
    const help = /["']/.test(unclosed.char) ? 'text that contains this quote needs the other kind of quotes around it' : undefined;
    source.report('unclosed-bracket', unclosed.start, unclosed.start + 1, `this \`${unclosed.char}\` is never closed`, help);
  }
  const limit = unclosed?.start ?? Number.POSITIVE_INFINITY;
  let reported = 0;
  for (const error of [...errors].sort((a, b) => a.pos[0] - b.pos[0])) {
    const { code, start, end, message, help } = describeYamlError(error, source.text);
    if (start >= limit || spoilt.has(lineOf(start)) || reported === MAX_YAML_ERRORS) continue;
    spoilt.add(lineOf(start));
    reported++;
    source.report(code, start, end, message, help);
  }
}

function reportUnclosed(text: string, start: number, report: BuildSource['report']): void {
  const [open, close] = text[start + 1] === '<' ? ['$<', '>'] : ['${', '}'];
  const newline = text.indexOf('\n', start);
  const end = (newline === -1 ? text : text.slice(0, newline)).trimEnd().length;
  const help = `close it with \`${close}\` (mind the quotes in it), or write \`$${open}\` for the characters themselves`;
  report('unclosed-expression', start, Math.max(end, start + 2), `the expression that opens here with \`${open}\` is never closed`, help);
}

function reportUnreadable(text: string, report: BuildSource['report']): void {
  const found = [...text.matchAll(UNREADABLE)];
  const first = found[0];
  if (!first) return;
  const name = `U+${first[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  const more = found.length > 1 ? ` (and ${found.length - 1} more in this file)` : '';
  const help = 'remove it; in double quotes control characters can be written as escapes, such as "\\u0000"';
  report('control-character', first.index, first.index + 1, `an invisible character, ${name}, that YAML does not allow${more}`, help);
}

function reportRepairs(text: string, { repairs }: MaskedSource, lines: LineIndex, diagnostics: Diagnostic[]): void {
  for (const { start, end } of repairs) {
    const message = 'this value contains `: ` and is not quoted: it is read as text to the end of the line, other YAML tools refuse it';
    const fix = { description: 'quote the value', start, end, text: quoteValue(text.slice(start, end)) };
    diagnostics.push(createDiagnostic('text-repair', lines.span(start, end), message, { help: 'put the value in quotes', fix }));
  }
}

function byteLength(text: string): number {
  return text.length > MAX_BYTES ? text.length : new TextEncoder().encode(text).length;
}
