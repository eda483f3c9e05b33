import type { ErrorCode, YAMLError } from 'yaml';
import type { RuleName } from '../../program/rules.ts';

/** What a finding of the YAML library says in our words. */
export interface YamlProblem {
  readonly code: RuleName;
  readonly message: string;
  readonly help?: string;
}

const QUOTE_IT = 'if it is meant as text, put the whole value in quotes, or write it as a block (`|`) on the lines below';

/** `found` is the text of the file at the place of the error, made short. */
type Describe = (found: string, libraryMessage: string) => YamlProblem;

const syntax =
  (message: string, help = QUOTE_IT): Describe =>
  () => ({ code: 'yaml-syntax', message, help });

const NO_INDICATOR = /without - indicator/;

const PROBLEMS: { readonly [C in ErrorCode]?: Describe } = {
  ALIAS_PROPS: syntax('an alias (`*name`) cannot have a tag or an anchor of its own', 'put them where the anchor (`&name`) is defined'),
  BAD_ALIAS: () => ({ code: 'bad-alias', message: 'this is no name of an anchor', help: QUOTE_IT }),
  BAD_DIRECTIVE: syntax('this is no directive that YAML 1.2 knows', 'remove the line; ensembles need no `%` directives'),
  BAD_DQ_ESCAPE: (found) => ({
    code: 'bad-escape',
    message: `\`${found}\` is no escape sequence in double quotes`,
    help: 'write the backslash twice, or use single quotes, in which it is an ordinary character',
  }),
  BAD_INDENT: (_, message) =>
    /Flow/.test(message)
      ? { code: 'bad-indent', message: 'text in brackets must be indented deeper than the key that it belongs to' }
      : {
          code: 'bad-indent',
          message: 'the indentation of this line fits nothing above it',
          help: 'entries of one mapping or list start in the same column',
        },
  BAD_PROP_ORDER: syntax('an anchor or a tag stands before the sign that it must follow'),
  BAD_SCALAR_START: (found) => ({
    code: 'yaml-syntax',
    message: `text without quotes cannot begin with \`${found.slice(0, 1)}\``,
    help: QUOTE_IT,
  }),
  BLOCK_AS_IMPLICIT_KEY: () => ({
    code: 'nested-mapping',
    message: 'a mapping or list cannot begin on the line of another key',
    help: 'put it on lines of its own, indented deeper; if it is meant as text, put the whole value in quotes',
  }),
  BLOCK_IN_FLOW: syntax(
    'inside […] and {…} everything must be in the bracket form',
    'separate entries by commas, or write the whole as indented lines',
  ),
  KEY_OVER_1024_CHARS: syntax('a key is longer than 1,024 characters'),
  MISSING_CHAR: (found, message) => {
    if (/followed by map values/.test(message)) {
      return { code: 'missing-colon', message: `\`${found}\` has no \`:\` behind it`, help: 'every entry of a mapping is `key: value`' };
    }
    if (/Missing ,/.test(message)) return { code: 'yaml-syntax', message: 'a comma is missing before this', help: QUOTE_IT };
    if (/Missing space after :/.test(message)) return { code: 'yaml-syntax', message: 'a space is missing behind the `:`' };
    if (NO_INDICATOR.test(message)) {
      return {
        code: 'bad-indent',
        message: 'this line is indented as an item of the list above it, and no item begins here',
        help: 'an item begins with `- `; what belongs to the item above stands in the column of its first key',
      };
    }
    if (/Comments must/.test(message)) return { code: 'yaml-syntax', message: 'a space is missing before the comment', help: QUOTE_IT };
    return { code: 'yaml-syntax', message: `a character is missing here: ${lowerFirst(message)}`, help: QUOTE_IT };
  },
  MULTILINE_IMPLICIT_KEY: (found) => ({
    code: 'missing-colon',
    message: `\`${found}\` has no \`:\` behind it`,
    help: 'every entry of a mapping is `key: value`; a key stands on one line',
  }),
  MULTIPLE_ANCHORS: syntax('a value can have one anchor only'),
  MULTIPLE_TAGS: syntax('a value can have one tag only'),
  TAB_AS_INDENT: () => ({ code: 'tab-indent', message: 'a tab is used as indentation', help: 'YAML indents with spaces only' }),
  TAG_RESOLVE_FAILED: (found) => ({
    code: 'unknown-tag',
    message: `\`${found}\` is read as a YAML tag, and none that is known here`,
    help: found.startsWith('!!') ? 'known are !!str, !!int, !!float, !!bool, !!null, !!map and !!seq' : QUOTE_IT,
  }),
  UNEXPECTED_TOKEN: (found) => ({
    code: 'yaml-syntax',
    message: found === '' ? 'the line ends where YAML expects something' : `\`${found}\` is not expected here`,
    help: QUOTE_IT,
  }),
};

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** Words an error of the YAML library and puts it where a reader looks for it: on one line of the file `text`, at the first character that counts. */
export function describeYamlError(error: YAMLError, text: string): YamlProblem & { readonly start: number; readonly end: number } {
  let start = Math.min(error.pos[0], text.length);
  if (error.code === 'BAD_INDENT' || NO_INDICATOR.test(error.message)) while (text[start] === ' ') start++;
  const length = error.code === 'BAD_DQ_ESCAPE' ? 2 : Math.max(error.pos[1] - start, 1);
  const found = text.slice(start, start + length).split(/\r?\n/, 1)[0] ?? '';
  const describe =
    PROBLEMS[error.code] ?? ((): YamlProblem => ({ code: 'yaml-syntax', message: lowerFirst(error.message), help: QUOTE_IT }));
  const problem = describe(found.length > 40 ? `${found.slice(0, 39)}…` : found.trim(), error.message);
  return { ...problem, start, end: start + found.length };
}
