import { type CharSet, charSetOf, intersects, union } from './regex-chars.ts';
import { parseRegex, type RegexNode, RegexTooComplex } from './regex-parser.ts';

/**
 * Whether a regular expression may run: matching takes at most about weight × n^degree steps for n characters, or `problem` says why not; with a `degree` where that alone is why.
 */
export type RegexVerdict =
  | { readonly degree: 1 | 2 | 3; readonly weight: number }
  | { readonly problem: string; readonly help?: string; readonly degree?: number };

const MAX_PATTERN = 1_000;
const MAX_COUNT = 1_000;
const FLAGS = /^[gimsuy]*$/;

/**
 * Judges a regular expression before it meets any text, since JavaScript's engine backtracks and cannot be stopped. Refused are what may
 * take exponential time (a repeated group that repeats inside, LANGUAGE §3.1; a repeated choice whose branches can begin alike), what
 * could take n⁴, and what we cannot judge (back references, `v` flag). The rest gets the degree of its worst case: each repetition that a
 * later one can trade characters with adds one, and so does an end that can fail after a repetition.
 */
export function judgeRegex(pattern: string, flags: string): RegexVerdict {
  if (!FLAGS.test(flags)) return { problem: `the flags \`${flags}\` are not available`, help: 'Flags are g, i, m, s, u and y.' };
  if (pattern.length > MAX_PATTERN) return { problem: `it is longer than ${MAX_PATTERN} characters` };
  try {
    const tree = parseRegex(pattern, flags);
    refuseNesting(tree);
    const degree = worstDegree(tree, flags);
    if (degree > 3) {
      return {
        degree,
        problem: 'too many of its repetitions can match the same characters, so that matching could take very long',
        help: 'Make neighbouring repetitions match different characters (`[^,]*,` instead of `.*,`), or anchor it with `^`.',
      };
    }
    return { degree: degree as 1 | 2 | 3, weight: weightOf(tree) };
  } catch (error) {
    if (error instanceof RegexTooComplex) return { problem: error.message, ...(error.help === undefined ? {} : { help: error.help }) };
    throw error;
  }
}

/**
 * How many characters are looked at for one way of spending the text, at most: what is repeated by count is as long as the count says (`/a{999}b/` goes over 999 characters at
 * each of the text's), and each way through the choices is tried by itself.
 */
function weightOf(tree: RegexNode): number {
  const looks = looksOf(tree).reduce((sum, look) => sum + weightOf(look.body), 0);
  return Math.max(1, looks + pathsOf(tree).reduce((sum, path) => sum + path.reduce((length, item) => length + item.weight, 0), 0) - 1);
}

/** A repeated group must match strings of one fixed length in one way only: then repeating it is no harder than repeating one character. */
function refuseNesting(node: RegexNode): void {
  if (node.type === 'repeat') {
    if (node.max > 1 && node.body.type !== 'chars') {
      if (hasVariableLength(node.body)) {
        throw new RegexTooComplex(
          'it repeats a group that itself repeats or may be absent (nested quantifiers), which can take exponential time',
          'Split the text first, or write the repetition out.',
        );
      }
      if (hasAmbiguousChoice(node.body)) {
        throw new RegexTooComplex('it repeats a choice whose branches can begin with the same character, which can take exponential time');
      }
    }
    if (countOf(node) > MAX_COUNT) throw new RegexTooComplex(`it repeats something more than ${MAX_COUNT} times by count`);
  }
  for (const child of childrenOf(node)) refuseNesting(child);
}

function childrenOf(node: RegexNode): readonly RegexNode[] {
  if (node.type === 'sequence') return node.items;
  if (node.type === 'choice') return node.branches;
  if (node.type === 'repeat' || node.type === 'look') return [node.body];
  return [];
}

function countOf(node: RegexNode): number {
  const own = node.type === 'repeat' ? Math.max(node.min, Number.isFinite(node.max) ? node.max : 1, 1) : 1;
  return own * childrenOf(node).reduce((most, child) => Math.max(most, countOf(child)), 1);
}

function hasVariableLength(node: RegexNode): boolean {
  if (node.type === 'repeat' && node.min !== node.max) return true;
  if (node.type === 'choice' && new Set(node.branches.map(lengthOf)).size > 1 && node.branches.some((branch) => lengthOf(branch) === 0))
    return true;
  return childrenOf(node).some(hasVariableLength);
}

function lengthOf(node: RegexNode): number {
  switch (node.type) {
    case 'chars':
      return 1;
    case 'sequence':
      return node.items.reduce((sum, item) => sum + lengthOf(item), 0);
    case 'choice':
      return Math.max(0, ...node.branches.map(lengthOf));
    case 'repeat':
      return node.min * lengthOf(node.body);
    default:
      return 0;
  }
}

function hasAmbiguousChoice(node: RegexNode): boolean {
  if (node.type === 'choice') {
    const firsts = node.branches.map(firstOf);
    for (let left = 0; left < firsts.length; left++) {
      for (let right = left + 1; right < firsts.length; right++) {
        if (intersects(firsts[left] ?? charSetOf.none, firsts[right] ?? charSetOf.none)) return true;
      }
    }
  }
  return childrenOf(node).some(hasAmbiguousChoice);
}

function firstOf(node: RegexNode): CharSet {
  switch (node.type) {
    case 'chars':
      return node.set;
    case 'choice':
      return node.branches.map(firstOf).reduce(union, charSetOf.none);
    case 'repeat':
      return node.min === 0 ? charSetOf.all : firstOf(node.body);
    case 'sequence': {
      const first = node.items.find((item) => item.type !== 'assert' && item.type !== 'look');
      return first === undefined ? charSetOf.all : firstOf(first);
    }
    default:
      return charSetOf.all;
  }
}

function allOf(node: RegexNode): CharSet {
  if (node.type === 'chars') return node.set;
  return childrenOf(node).map(allOf).reduce(union, charSetOf.none);
}

/** One element of a way through the pattern. `mandatory` elements consume at least one character and can fail. */
interface PathItem {
  readonly set: CharSet;
  readonly repeats: boolean;
  /** Up to this many times: a short run that fails costs a constant, a long one as much as the text is long. */
  readonly most: number;
  readonly mandatory: boolean;
  /** Characters that it looks at, but those that a repetition without a short end goes over. */
  readonly weight: number;
  /** Itself, or those in what is repeated. */
  readonly looks: readonly Look[];
}

type Look = Extract<RegexNode, { readonly type: 'look' }>;

/** An assertion, which may hold at many places of a text (`\b`): it pins no long repetition. */
const ASKED: PathItem = { set: charSetOf.all, repeats: false, most: 1, mandatory: true, weight: 0, looks: [] };

const SHORT_RUN = 10;

/** What a run up to this long trades across an assertion costs a constant. */
const PINNED_RUN = 256;

const MAX_PATHS = 64;

function worstDegree(tree: RegexNode, flags: string): number {
  // A sticky one is tried at each position by `split` all the same.
  const anchored = startsAnchored(tree) && !flags.includes('m');
  return Math.max(1, degreeFrom(tree, anchored ? 0 : 1));
}

/** `starts`: what the positions that the pattern is tried at add. */
function degreeFrom(tree: RegexNode, starts: number): number {
  let worst = 0;
  for (const path of pathsOf(tree)) {
    worst = Math.max(worst, starts + tradesOf(path));
    path.forEach((item, index) => {
      if (item.looks.length === 0) return;
      // It runs again each time that it is got to: at once, or in each way through what is before it, which is its own repetition, too.
      const tries = starts + tradesOf([...path.slice(0, item.repeats ? index + 1 : index), ASKED]);
      for (const look of item.looks) worst = Math.max(worst, tries + degreeOfLook(look.body));
    });
  }
  return worst;
}

/** Begins where it stands, at one position. One that looks back goes through its body from the end, so that it fails at the other side. */
function degreeOfLook(body: RegexNode): number {
  const isLong = (node: RegexNode): boolean => (node.type === 'repeat' && node.max > SHORT_RUN) || childrenOf(node).some(isLong);
  const backwards = pathsOf(body).map((path) => tradesOf([...path.toReversed()]));
  return Math.max(isLong(body) ? 1 : 0, degreeFrom(body, 0), ...backwards);
}

/** How often the repetitions of a way give back characters to each other, and to an end that fails. */
function tradesOf(path: readonly PathItem[]): number {
  let trading = 0;
  path.forEach((item, index) => {
    if (!item.repeats) return;
    const after = path.slice(index + 1);
    // A mandatory element of other characters right behind pins where this repetition ends.
    const wall = after.findIndex((next) => (next === ASKED ? item.most <= PINNED_RUN : next.mandatory && !intersects(next.set, item.set)));
    const reach = wall === -1 ? after : after.slice(0, wall);
    // Where nothing behind the later one can fail, the first try stands and nothing is given back.
    if (reach.some((next, at) => next.repeats && intersects(next.set, item.set) && after.slice(at + 1).some(({ mandatory }) => mandatory)))
      trading++;
  });
  const canFail = path.some((item, index) => item.repeats && item.most > SHORT_RUN && path.slice(index + 1).some((next) => next.mandatory));
  return (canFail ? 1 : 0) + trading;
}

/** The characters and classes of a part, each as often as it is repeated by count. */
function sizeOf(node: RegexNode): number {
  if (node.type === 'chars') return 1;
  const inner = childrenOf(node).reduce((sum, child) => sum + sizeOf(child), 0);
  return node.type === 'repeat' ? inner * Math.max(1, node.min, node.max <= SHORT_RUN ? node.max : 1) : inner;
}

/** Whether it can match at the beginning of a text alone, but for the `m` flag. */
export function startsAnchored(node: RegexNode): boolean {
  if (node.type === 'assert') return node.kind === '^';
  if (node.type === 'sequence') return node.items[0] !== undefined && startsAnchored(node.items[0]);
  if (node.type === 'choice') return node.branches.every(startsAnchored);
  return false;
}

function looksOf(node: RegexNode): readonly Look[] {
  return node.type === 'look' ? [node] : childrenOf(node).flatMap(looksOf);
}

/** All ways through the choices of a pattern, as flat lists. */
function pathsOf(node: RegexNode): readonly (readonly PathItem[])[] {
  switch (node.type) {
    case 'chars':
      return [[{ set: node.set, repeats: false, most: 1, mandatory: true, weight: 1, looks: [] }]];
    case 'assert':
      return [[ASKED]];
    case 'look':
      return [[{ ...ASKED, looks: [node] }]];
    case 'choice':
      return limited(node.branches.flatMap(pathsOf));
    case 'sequence':
      return node.items.reduce<readonly (readonly PathItem[])[]>(
        (paths, item) => {
          const further = pathsOf(item);
          return limited(paths.flatMap((path) => further.map((more) => [...path, ...more])));
        },
        [[]],
      );
    case 'repeat': {
      if (node.max === 1) return limited([[], ...pathsOf(node.body)]);
      const repeats = node.max !== node.min;
      const count = node.max <= SHORT_RUN ? node.max : Math.max(1, node.min);
      return [
        [
          {
            set: allOf(node.body),
            repeats,
            most: node.max,
            mandatory: node.min > 0,
            weight: count * sizeOf(node.body),
            looks: looksOf(node.body),
          },
        ],
      ];
    }
    default:
      return node satisfies never;
  }
}

function limited<Path>(paths: readonly Path[]): readonly Path[] {
  if (paths.length > MAX_PATHS) throw new RegexTooComplex('it has too many combinations of choices to be judged');
  return paths;
}
