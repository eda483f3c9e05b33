/** A piece of an expression, complete or not. `template`: the text of a template literal between its delimiters and holes. */
export interface Token {
  readonly type: 'name' | 'number' | 'string' | 'template' | 'punctuation';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Tokens {
  readonly tokens: readonly Token[];
  /** Whether the text ends inside a quoted text, the text of a template literal, or a comment. */
  readonly inText: boolean;
  /** What would close the brackets and template literals that are open at its end, innermost first. */
  readonly closers: string;
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '${': '}' };
const PUNCTUATION = /\?\.(?!\d)|\.\.\.|=>|\|\||&&|\?\?|[=!]==?|[<>]=?|\*\*|[-+*/%!?:.,;|()[\]{}&~^=@#\\]/y;
/** With so many hyphens at most: the rest is looked at again behind each part that is no name. */
const NAME = /[A-Za-z_$][\w$]*(?:-[A-Za-z_$][\w$]*){0,20}/y;
const NUMBER = /\d[\w.]*/y;
const QUOTED = /"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'/y;
const SPACE = /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const TEMPLATE = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y;

/**
 * The tokens of JavaScript or Jexl text that may break off anywhere; linear in its length. Names keep their hyphens when `isName` knows the
 * joined name (or what it may become), as in expressions (LANGUAGE §3.2).
 */
export function tokenize(text: string, isName: (name: string) => boolean): Tokens {
  const tokens: Token[] = [];
  const open: string[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  const add = (type: Token['type'], length: number): void => {
    tokens.push({ type, text: text.slice(at, at + length), start: at, end: at + length });
    at += length;
  };
  while (at < text.length) {
    const char = text.charAt(at);
    if (open.at(-1) === '`') {
      const literal = take(TEMPLATE) ?? '';
      if (literal !== '') add('template', literal.length);
      if (at >= text.length) return { tokens, inText: true, closers: closersOf(open) };
      if (text[at] === '`') open.pop();
      else if (text[at] === '$') open.push('${');
      add('punctuation', text[at] === '$' ? 2 : 1);
      continue;
    }
    const space = take(SPACE);
    if (space !== undefined) {
      at += space.length;
      if (at === text.length && space.startsWith('//')) return { tokens, inText: true, closers: closersOf(open) };
    } else if (char === '"' || char === "'") {
      const quoted = take(QUOTED);
      if (quoted !== undefined) add('string', quoted.length);
      else {
        const newline = text.indexOf('\n', at);
        if (newline === -1) return { tokens, inText: true, closers: char + closersOf(open) };
        // A stray apostrophe: what follows its line is read all the same.
        at = newline;
      }
    } else if (char === '`') {
      open.push('`');
      add('punctuation', 1);
    } else if (/[A-Za-z_$]/.test(char)) add('name', nameLength(take(NAME) ?? char, isName));
    else if (/\d/.test(char)) add('number', (take(NUMBER) ?? char).length);
    else {
      const mark = take(PUNCTUATION) ?? char;
      if (mark in CLOSING) open.push(mark);
      else if (open.length > 0 && CLOSING[open.at(-1) ?? ''] === mark) open.pop();
      add('punctuation', mark.length);
    }
  }
  return { tokens, inText: open.at(-1) === '`', closers: closersOf(open) };
}

function closersOf(open: readonly string[]): string {
  return open
    .map((opening) => CLOSING[opening] ?? opening)
    .reverse()
    .join('');
}

/** The longest beginning of a hyphenated word that is a name; its first part when none is. */
function nameLength(word: string, isName: (name: string) => boolean): number {
  for (let end = word.length; end !== -1; end = word.lastIndexOf('-', end - 1)) {
    if (isName(word.slice(0, end))) return end;
    if (end === 0) break;
  }
  const hyphen = word.indexOf('-');
  return hyphen === -1 ? word.length : hyphen;
}
