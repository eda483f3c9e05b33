import { expressionInYaml, startsEntry } from './expression-in-yaml.ts';
import type { Stretch } from './mask.ts';

/** What the scanner finds; see `MaskedSource`. */
export interface Scanned {
  readonly masks: readonly Stretch[];
  readonly repairs: readonly Stretch[];
  readonly unclosed: readonly number[];
}

/** Each unclosed expression costs a scan of the rest of the file; past this many, what looks like another one is text. */
const MAX_UNCLOSED = 20;
const BLOCK_HEADER = /[|>](?:[+-]?([1-9])?|([1-9])[+-])(?:[ \t]+#[^\n]*|[ \t]*)\r?(?:\n|$)/y;

/**
 * Walks a YAML text just closely enough to know at each `${` what it stands in: a comment, a block scalar, quotes, a flow collection or plain
 * text. YAML's own lexer cannot be asked: the braces and colons of the expressions are what would mislead it.
 *
 * Invariants: (1) the scanner never refuses a text, errors are YAML's to report; (2) each step moves `at` forward; (3) what is valid YAML without
 * any expression comes out with no mask and no repair.
 */
export class YamlScanner {
  private readonly text: string;
  private readonly masks: Stretch[] = [];
  private readonly repairs: Stretch[] = [];
  private readonly unclosed: number[] = [];
  private unclosedLiterals = 0;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  scan(): Scanned {
    if (this.text.startsWith('\uFEFF')) this.at = 1;
    while (this.at < this.text.length) this.scanLine();
    return { masks: this.masks, repairs: this.repairs, unclosed: this.unclosed };
  }

  /** One line in block context, with all that it begins: a block scalar, a quoted text or a flow collection of several lines. */
  private scanLine(): void {
    const lineStart = this.at;
    const head = this.text.slice(lineStart, lineStart + 4);
    if (/^(?:%|\.\.\.(?:\s|$))/.test(head)) {
      this.skipLine();
      return;
    }
    const startsDocument = /^---(?:\s|$)/.test(head);
    if (startsDocument) this.at += 3;
    this.skipBlanks();
    let column = this.at - lineStart;
    let parent = startsDocument ? -1 : column - 1;
    while (this.isIndicator('-') || this.isIndicator('?') || this.isIndicator(':')) {
      parent = column;
      this.at++;
      this.skipBlanks();
      column = this.at - lineStart;
    }
    this.scanNode(parent, column, false);
  }

  /** A key or a value that begins here. `parent` is the column of the collection it belongs to, `column` its own. */
  private scanNode(parent: number, column: number, isValue: boolean): void {
    this.skipProperties();
    const char = this.text[this.at];
    if (this.isLineEnd()) this.skipLine();
    else if ((char === '|' || char === '>') && this.scanBlockScalar(parent)) return;
    else if (char === '"' || char === "'") {
      this.scanQuoted(char, parent);
      this.scanAfterNode(column, isValue);
    } else if (char === '[' || char === '{') {
      this.scanFlow(parent);
      this.scanAfterNode(column, isValue);
    } else this.scanPlain(parent, column, isValue);
  }

  /** Behind a quoted text or a flow collection: `:` makes it a key; anything else on the line is YAML's to judge. */
  private scanAfterNode(column: number, isValue: boolean): void {
    this.skipBlanks();
    if (!isValue && this.isIndicator(':')) this.scanValue(column);
    else {
      this.scanText(-1, false);
      this.skipLine();
    }
  }

  private scanValue(column: number): void {
    this.at++;
    this.skipBlanks();
    this.scanNode(column, column, true);
  }

  /**
   * Plain text. A key ends at its colon. A value must not contain a further `: ` on its line: YAML always refuses that ("nested mappings are
   * not allowed in compact mappings"), so reading such a value as text to the end of its line can misread no valid file. A
   * ` #` still begins a comment, as YAML has it. A value that goes on in deeper lines is more likely a mapping that lost its line break: left to YAML.
   */
  private scanPlain(parent: number, column: number, isValue: boolean): void {
    const start = this.at;
    const found = this.scanText(parent, !isValue);
    if (found === 'colon') {
      this.scanValue(column);
      return;
    }
    if (found === 'colons' && this.isText(start) && this.continuation(parent) === undefined) {
      this.repairs.push({ start, end: this.trimmedEnd(start) });
    }
    while (this.text[this.at] !== '#') {
      const next = this.continuation(parent);
      if (next === undefined) break;
      this.at = next.text;
      if (/^[\w.-]+[ ]*:(?:\s|$)/.test(this.text.slice(next.text, next.text + 256))) {
        this.at = next.line;
        return;
      }
      this.scanText(parent, false);
    }
    this.skipLine();
  }

  /** Whether a value is meant as text: it does not begin with what YAML reserves, or with a list item that lost its line. */
  private isText(start: number): boolean {
    return !/^(?:[,\]}%@`]|[-?:](?:\s|$))/.test(this.text.slice(start, start + 2));
  }

  /** The next line that is not blank, if it goes on with what belongs to `parent`: deeper, and neither a comment nor a document's mark. */
  private continuation(parent: number): { readonly line: number; readonly text: number } | undefined {
    let line = this.endOfLine(this.at) + 1;
    let at = line;
    for (; at < this.text.length && this.isBlank(at); at++) if (this.text[at] === '\n') line = at + 1;
    if (at >= this.text.length || this.text[at] === '#' || at - line <= parent) return undefined;
    return at === line && /^(?:---|\.\.\.)(?:\s|$)/.test(this.text.slice(at, at + 4)) ? undefined : { line, text: at };
  }

  /** Plain text of one line, masking expressions, up to ` #` or the line's end; with `stopAtColon`, up to `:` before a space. */
  private scanText(parent: number, stopAtColon: boolean): 'colon' | 'colons' | 'text' {
    let colons = false;
    while (this.at < this.text.length && this.text[this.at] !== '\n') {
      const char = this.text[this.at];
      if (char === '$') {
        this.scanDollar(undefined, parent);
        continue;
      }
      if (char === '#' && this.isBlank(this.at - 1)) break;
      if (char === ':' && this.isBlank(this.at + 1)) {
        if (stopAtColon) return 'colon';
        colons = true;
      }
      this.at++;
    }
    return colons ? 'colons' : 'text';
  }

  /** Quoted text. Once an expression turns out to be written with YAML's escapes, the whole text is taken to be. */
  private scanQuoted(quote: "'" | '"', parent: number): void {
    let masks = true;
    this.at++;
    while (this.at < this.text.length) {
      const char = this.text[this.at];
      if (char === '$' && masks) masks = this.scanDollar(quote, parent);
      else if (char === '\\' && quote === '"') this.at += 2;
      else if (char === '\n' && startsEntry(this.text, this.at + 1, parent)) return;
      else if (char !== quote) this.at++;
      else if (quote === "'" && this.text[this.at + 1] === "'") this.at += 2;
      else {
        this.at++;
        return;
      }
    }
  }

  private scanFlow(parent: number): void {
    let depth = 0;
    while (this.at < this.text.length) {
      const char = this.text[this.at] as string;
      if (char === '[' || char === '{') depth++;
      else if (char === ']' || char === '}') {
        depth--;
        if (depth === 0) {
          this.at++;
          return;
        }
      } else if (char === '#' && this.isBlank(this.at - 1)) {
        this.at = this.endOfLine(this.at);
        continue;
      } else if (char === '"' || char === "'") {
        this.scanQuoted(char, parent);
        if (this.text[this.at] === ':') this.at++;
        continue;
      } else if (char === '\n' && startsEntry(this.text, this.at + 1, parent)) {
        return;
      } else if (!/[\s,:?-]/.test(char) || (/[:?-]/.test(char) && !this.isBlank(this.at + 1))) {
        this.scanFlowPlain(parent);
        continue;
      }
      this.at++;
    }
  }

  /** Plain text in a flow collection: quotes and `#` inside a word are ordinary there. Moves at least one character. */
  private scanFlowPlain(parent: number): void {
    const start = this.at;
    while (this.at < this.text.length) {
      const char = this.text[this.at] as string;
      if (char === '$') {
        if (this.isEscapedDollar()) this.maskLiteral();
        else this.scanDollar(undefined, parent);
        continue;
      }
      if (this.at > start && /[,[\]{}\s]/.test(char)) return;
      if (char === ':' && /[\s,[\]{}]|^$/.test(this.text[this.at + 1] ?? '')) {
        this.at++;
        return;
      }
      this.at++;
    }
  }

  /** At a `$`: masks the expression that opens here and goes behind it, or behind the `$` that is just a character. False: YAML's escapes. */
  private scanDollar(quote: "'" | '"' | undefined, parentColumn: number): boolean {
    const start = this.at;
    const next = this.text[start + 1];
    if (this.isEscapedDollar()) {
      this.at += 3;
      return true;
    }
    this.at++;
    if ((next !== '{' && next !== '<') || this.unclosed.length === MAX_UNCLOSED) return true;
    const end = expressionInYaml(this.text, start, { quote, parentColumn });
    if (end === 'unclosed') this.unclosed.push(start);
    else if (end !== 'escaped') {
      this.masks.push({ start, end });
      this.at = end;
    }
    return end !== 'escaped';
  }

  /** `$${…}` is the literal text, but its braces and brackets would be a flow collection's: so it is masked there as well. */
  private maskLiteral(): void {
    const start = this.at;
    this.at = start + 3;
    if (this.unclosedLiterals === MAX_UNCLOSED) return;
    const end = expressionInYaml(this.text, start + 1, { quote: undefined, parentColumn: -1 });
    if (typeof end === 'number') {
      this.masks.push({ start, end });
      this.at = end;
    } else this.unclosedLiterals++;
  }

  /** True when a block scalar begins here; goes behind it. Its lines are those deeper than `parent`, or as deep as its first one. */
  private scanBlockScalar(parent: number): boolean {
    BLOCK_HEADER.lastIndex = this.at;
    const header = BLOCK_HEADER.exec(this.text);
    if (!header) return false;
    this.at = BLOCK_HEADER.lastIndex;
    const digit = header[1] ?? header[2];
    let indent = digit === undefined ? -1 : Math.max(parent, 0) + Number(digit);
    while (this.at < this.text.length) {
      let first = this.at;
      while (this.text[first] === ' ') first++;
      const column = first - this.at;
      if (!/[\r\n]|^$/.test(this.text[first] ?? '')) {
        if (indent === -1) indent = Math.max(column, parent + 1);
        if (column < indent) return true;
        if (column === 0 && /^(?:---|\.\.\.)(?:\s|$)/.test(this.text.slice(first, first + 4))) return true;
      }
      this.skipLine();
    }
    return true;
  }

  /** Tags, anchors and aliases in front of a node; an expression may look like part of one and is still masked. */
  private skipProperties(): void {
    while (this.text[this.at] === '&' || this.text[this.at] === '!' || this.text[this.at] === '*') {
      while (this.at < this.text.length && !/\s/.test(this.text[this.at] as string)) {
        if (this.text[this.at] === '$') this.scanDollar(undefined, -1);
        else this.at++;
      }
      this.skipBlanks();
    }
  }

  private isEscapedDollar(): boolean {
    const after = this.text[this.at + 2];
    return this.text[this.at + 1] === '$' && (after === '{' || after === '<');
  }

  private isIndicator(char: string): boolean {
    return this.text[this.at] === char && this.isBlank(this.at + 1);
  }

  private isBlank(at: number): boolean {
    const char = this.text[at];
    return char === undefined || char === ' ' || char === '\t' || char === '\n' || char === '\r';
  }

  private isLineEnd(): boolean {
    const char = this.text[this.at];
    return char === undefined || char === '\n' || char === '\r' || char === '#';
  }

  private skipBlanks(): void {
    while (this.text[this.at] === ' ' || this.text[this.at] === '\t') this.at++;
  }

  private skipLine(): void {
    this.at = Math.min(this.endOfLine(this.at) + 1, this.text.length);
  }

  private endOfLine(from: number): number {
    const newline = this.text.indexOf('\n', from);
    return newline === -1 ? this.text.length : newline;
  }

  private trimmedEnd(start: number): number {
    let end = this.at;
    while (end > start && this.isBlank(end - 1)) end--;
    return end;
  }
}
