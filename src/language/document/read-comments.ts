import { CST } from 'yaml';
import type { Stretch } from '../source/mask.ts';
import type { Token } from './yaml-tokens.ts';

/** The comments of a file, and the values that no comment can stand in. */
export interface FileComments {
  /** From the `#` to the end of the line, in the order of the file. */
  readonly comments: readonly Stretch[];
  /** Texts of several lines, quoted, plain or in a block (from its `|` or `>` on), in the order of the file. */
  readonly longTexts: readonly Stretch[];
}

export const NO_COMMENTS: FileComments = { comments: [], longTexts: [] };

/** Reads them off YAML's own tokens: a `#` in quotes, in a block or in an expression begins no comment. `text` is the file, in which offsets lie. */
export function readComments(tokens: readonly Token[], text: string): FileComments {
  const comments: Stretch[] = [];
  const longTexts: Stretch[] = [];
  const addText = (start: number, end: number) => {
    if (text.slice(start, end).includes('\n')) longTexts.push({ start, end });
  };
  // A list of its own in place of recursion, as in `readTokenFacts`.
  const waiting: Token[] = [];
  const visitLater = (...lists: readonly (readonly Token[] | undefined)[]) => {
    for (const list of lists) for (const token of list ?? []) waiting.push(token);
  };
  visitLater(tokens);
  for (let token = waiting.pop(); token; token = waiting.pop()) {
    if (token.type === 'comment') comments.push({ start: token.offset, end: token.offset + token.source.trimEnd().length });
    else if (token.type === 'document') visitLater(token.start, token.value ? [token.value] : undefined, token.end);
    else if (token.type === 'doc-end') visitLater(token.end);
    else if (token.type === 'block-scalar') {
      visitLater(token.props);
      const [header] = token.props;
      const last = token.props.at(-1);
      const from = last && 'source' in last ? last.offset + last.source.length : token.offset;
      addText(header?.offset ?? token.offset, from + token.source.length);
    } else if (CST.isScalar(token)) {
      addText(token.offset, token.offset + token.source.length);
      visitLater('end' in token ? token.end : undefined);
    } else if (CST.isCollection(token)) {
      for (const { start, key, sep, value } of token.items) visitLater(start, key ? [key] : undefined, sep, value ? [value] : undefined);
      visitLater('end' in token ? token.end : undefined);
    }
  }
  const byPlace = (a: Stretch, b: Stretch) => a.start - b.start;
  return { comments: comments.sort(byPlace), longTexts: longTexts.sort(byPlace) };
}
