import { type CharSet, charSetOf, intersects, union } from './regex-chars.ts';
import { type CharsNode, parseRegex, type RegexNode, RegexTooComplex } from './regex-parser.ts';
import { sampleSets } from './regex-samples.ts';

/** Beyond this many characters and classes in a pattern nothing is said of it. */
const MAX_POSITIONS = 200;
/** A group that repeats up to this often is written out. */
const WRITTEN_OUT = 10;
/** Pairs of edges that are looked at in all. */
const MAX_STEPS = 300_000;

/**
 * Whether a text can be matched against the pattern in exponentially many ways, which a backtracking engine tries one by one before it gives up: `^(a+)+$`,
 * `^(\w+\s?)*$`. Only what is sure counts, so that `^[a-z]+(-[a-z]+)*$` is none, unlike for `judgeRegex`, which refuses whatever it cannot vouch for.
 *
 * Each character or class of the pattern is a position; edges say which can follow which, as often as there are ways. Some position reaches itself by one text
 * in two ways exactly when the number of ways is exponential (Weber and Seidl, On the degree of ambiguity of finite automata, 1991).
 */
export function isExponential(pattern: string, flags: string): boolean {
  try {
    const tree = parseRegex(pattern, flags, 'replaced');
    if (!holdsLoop(tree) || asksInLoop(tree, false)) return false;
    const graph = new PositionGraph(sampleSets(pattern, flags));
    const { last } = graph.add(tree);
    // Where a match may end no other way is tried, unless something is asked of that end.
    const ends = new Set(asksAtEnd(tree) ? [] : last);
    return graph.positions.length <= MAX_POSITIONS && graph.hasTwoWaysRound(ends);
  } catch (error) {
    if (error instanceof RegexTooComplex) return false;
    throw error;
  }
}

/**
 * Whether there is never more than one way from the beginning of a text to a character of it and a position of the pattern: then a backtracking engine that begins at one place takes time that grows with
 * the text, however the pattern's repetitions are nested. So it is where the characters that can come next at each position tell which it is (`^\w+(,\w+)*$`), or those before it whence it came (`^(\w+,)*\w+$`).
 */
export function hasOneWay(pattern: string, flags: string): boolean {
  // Properties of Unicode and control characters are known only roughly.
  if (/\\[pPc]/.test(pattern)) return false;
  try {
    const tree = parseRegex(pattern, flags);
    if (holdsLook(tree) || isEmptyInManyWays(tree)) return false;
    const graph = new PositionGraph(({ set }) => set);
    const { first } = graph.add(tree);
    return graph.positions.length <= MAX_POSITIONS && graph.hasOneWay(first);
  } catch (error) {
    if (error instanceof RegexTooComplex) return false;
    throw error;
  }
}

/** Where a part of a pattern can begin and end, and whether it may be empty. */
interface Part {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly empty: boolean;
}

const NOTHING: Part = { first: [], last: [], empty: true };

class PositionGraph {
  readonly positions: CharSet[] = [];
  /** For each position those that can follow it, once for each way. */
  readonly #edges: number[][] = [];
  readonly #setOf: (part: CharsNode) => CharSet;
  readonly #reached = new Map<number, ReadonlySet<number>>();
  #steps = 0;

  constructor(setOf: (part: CharsNode) => CharSet) {
    this.#setOf = setOf;
  }

  add(node: RegexNode): Part {
    if (this.positions.length > MAX_POSITIONS) return NOTHING;
    switch (node.type) {
      case 'chars': {
        const position = this.positions.push(this.#setOf(node)) - 1;
        this.#edges.push([]);
        return { first: [position], last: [position], empty: false };
      }
      case 'assert':
      case 'look':
        return NOTHING;
      case 'sequence':
        return this.#join(node.items.map((item) => this.add(item)));
      case 'choice': {
        const branches = node.branches.map((branch) => this.add(branch));
        return {
          first: branches.flatMap(({ first }) => first),
          last: branches.flatMap(({ last }) => last),
          empty: branches.some(({ empty }) => empty),
        };
      }
      case 'repeat':
        return this.#repeat(node);
    }
  }

  #repeat({ body, min, max }: Extract<RegexNode, { type: 'repeat' }>): Part {
    if (max <= WRITTEN_OUT || max === min) {
      // Of a large fixed number two stand for all: what matters is that it does not vary.
      const copies = Array.from({ length: max <= WRITTEN_OUT ? max : 2 }, () => this.add(body));
      // Each that may be left out stands in the one before it, `a(a(a)?)?`: there is one way only to have two of three.
      return copies.reduceRight((rest, copy, index) => {
        const joined = this.#join([copy, rest]);
        return index < min ? joined : { ...joined, empty: true };
      }, NOTHING);
    }
    const part = this.add(body);
    this.#connect(part.last, part.first);
    return min === 0 ? { ...part, empty: true } : part;
  }

  #join(parts: readonly Part[]): Part {
    return parts.reduce((before, after) => {
      this.#connect(before.last, after.first);
      return {
        first: before.empty ? [...before.first, ...after.first] : before.first,
        last: after.empty ? [...before.last, ...after.last] : after.last,
        empty: before.empty && after.empty,
      };
    }, NOTHING);
  }

  #connect(from: readonly number[], to: readonly number[]): void {
    for (const position of from) this.#edges[position]?.push(...to);
  }

  /** A loop that holds one of `ends` never makes a match fail. */
  hasTwoWaysRound(ends: ReadonlySet<number>): boolean {
    return this.positions.some((_, start) => {
      const reached = this.#reachedFrom(start);
      if (!reached.has(start)) return false;
      const endsInLoop = [...ends].some((end) => reached.has(end) && this.#reachedFrom(end).has(start));
      return !endsInLoop && this.#hasTwoWaysBack(start);
    });
  }

  /** What can follow each position, or what can come before it, differs by its character. */
  hasOneWay(first: readonly number[]): boolean {
    const before = this.positions.map((_, to) => this.#edges.flatMap((next, from) => next.filter((at) => at === to).map(() => from)));
    const beginsOnce = new Set(first).size === first.length;
    return (beginsOnce && before.every((from) => this.#differ(from))) || [first, ...this.#edges].every((next) => this.#differ(next));
  }

  #differ(positions: readonly number[]): boolean {
    let all: CharSet = charSetOf.none;
    return positions.every((at) => {
      const set = this.positions[at] ?? charSetOf.none;
      if (intersects(all, set)) return false;
      all = union(all, set);
      return true;
    });
  }

  #reachedFrom(start: number): ReadonlySet<number> {
    const known = this.#reached.get(start);
    if (known !== undefined) return known;
    const reached = new Set(this.#edges[start]);
    for (const at of reached) for (const next of this.#edges[at] ?? []) reached.add(next);
    this.#reached.set(start, reached);
    return reached;
  }

  /** Walks two copies of the graph by the same text, from `start` in both, to where they are apart or took different edges, and back. */
  #hasTwoWaysBack(start: number): boolean {
    const size = this.positions.length;
    const from = (state: number): readonly [number, number, boolean] => [
      Math.floor(state / 2 / size),
      Math.floor(state / 2) % size,
      state % 2 === 1,
    ];
    const begin = (start * size + start) * 2;
    const reached = new Set([begin]);
    for (const state of reached) {
      const [left, right, apart] = from(state);
      for (const [i, toLeft] of (this.#edges[left] ?? []).entries()) {
        for (const [j, toRight] of (this.#edges[right] ?? []).entries()) {
          if (++this.#steps > MAX_STEPS) return false;
          if (!intersects(this.positions[toLeft] ?? charSetOf.none, this.positions[toRight] ?? charSetOf.none)) continue;
          const parted = apart || toLeft !== toRight || (left === right && i !== j);
          if (parted && toLeft === start && toRight === start) return true;
          reached.add((toLeft * size + toRight) * 2 + (parted ? 1 : 0));
        }
      }
    }
    return false;
  }
}

function childrenOf(node: RegexNode): readonly RegexNode[] {
  if (node.type === 'sequence') return node.items;
  if (node.type === 'choice') return node.branches;
  return node.type === 'repeat' || node.type === 'look' ? [node.body] : [];
}

/** Whether more than one character is repeated without a short end: nothing else can be gone through in exponentially many ways. */
function holdsLoop(node: RegexNode): boolean {
  return (node.type === 'repeat' && node.max > WRITTEN_OUT && node.body.type !== 'chars') || childrenOf(node).some(holdsLoop);
}

function holdsLook(node: RegexNode): boolean {
  return node.type === 'look' || childrenOf(node).some(holdsLook);
}

/** Whether something that may be empty is repeated, or is one of several that may be: each time that it is empty there are several ways. */
function isEmptyInManyWays(node: RegexNode): boolean {
  if (node.type === 'repeat' && mayBeEmpty(node.body)) return true;
  if (node.type === 'choice' && node.branches.filter(mayBeEmpty).length > 1) return true;
  return childrenOf(node).some(isEmptyInManyWays);
}

function mayBeEmpty(node: RegexNode): boolean {
  if (node.type === 'chars') return false;
  if (node.type === 'repeat') return node.min === 0 || mayBeEmpty(node.body);
  return node.type === 'choice' ? node.branches.some(mayBeEmpty) : childrenOf(node).every(mayBeEmpty);
}

/** Whether something inside of a repetition asks about what is around it (`\b`, a lookahead): that may leave one way only. */
function asksInLoop(node: RegexNode, inLoop: boolean): boolean {
  if (inLoop && (node.type === 'assert' || node.type === 'look')) return true;
  return childrenOf(node).some((child) => asksInLoop(child, inLoop || (node.type === 'repeat' && node.max > 1)));
}

/** Whether the pattern holds an assertion behind its beginning, outside of repetitions: `$`, `\b`, a lookahead. */
function asksAtEnd(node: RegexNode): boolean {
  if (node.type === 'assert') return node.kind !== '^';
  return node.type === 'look' || (node.type !== 'repeat' && childrenOf(node).some(asksAtEnd));
}
