/** V8 takes no expression of more than some megabytes. */
const MOST_SOURCE = 1_000_000;
/** So much of a secret is one by itself. */
const HEAD_LENGTH = 512;

/** Finds many texts in another one at once: where one contains another, the longer. None may be empty. */
export class SecretFinder {
  readonly #patterns: readonly RegExp[];
  /** Those that are longer, by what the patterns look for of them. */
  readonly #wholes = new Map<string, string[]>();

  constructor(texts: Iterable<string>) {
    const heads = new Set<string>();
    for (const text of texts) {
      const head = text.slice(0, HEAD_LENGTH);
      heads.add(head);
      if (text.length > HEAD_LENGTH) this.#wholes.set(head, [...(this.#wholes.get(head) ?? []), text]);
    }
    for (const wholes of this.#wholes.values()) wholes.sort((a, b) => b.length - a.length);
    this.#patterns = patternsOf([...heads].sort((a, b) => b.length - a.length || (a < b ? -1 : 1)));
  }

  /** `markOf` is called with one of the texts, or with the beginning of a long one of which only that was found. */
  replace(text: string, markOf: (found: string) => string): string {
    return this.#patterns.reduce((rest, pattern) => this.#replaceEach(rest, pattern, markOf), text);
  }

  #replaceEach(text: string, pattern: RegExp, markOf: (found: string) => string): string {
    let clean = '';
    let from = 0;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      const { index } = match;
      const found = this.#wholes.get(match[0])?.find((whole) => text.startsWith(whole, index)) ?? match[0];
      clean += text.slice(from, index) + markOf(found);
      from = index + found.length;
      pattern.lastIndex = from;
    }
    return from === 0 ? text : clean + text.slice(from);
  }
}

function patternsOf(heads: readonly string[]): readonly RegExp[] {
  const patterns: RegExp[] = [];
  let sources: string[] = [];
  let length = 0;
  for (const head of heads) {
    const source = escapeForRegExp(head);
    if (length + source.length > MOST_SOURCE) {
      patterns.push(new RegExp(sources.join('|'), 'g'));
      sources = [];
      length = 0;
    }
    sources.push(source);
    length += source.length;
  }
  if (sources.length > 0) patterns.push(new RegExp(sources.join('|'), 'g'));
  return patterns;
}

function escapeForRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
