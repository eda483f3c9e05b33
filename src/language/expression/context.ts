import type { Span } from '../../program/diagnostic.ts';
import { type Expression, ROOT_NAMES, type RootName } from '../../program/expression.ts';
import { BUILTIN_NAMES, CONSTANTS, MAX_DEPTH, MAX_NODES } from '../../program/expression-vocabulary.ts';
import type { RuleName } from '../../program/rules.ts';
import { type Suggest, suggest } from '../../program/suggest.ts';
import { NodePlaces } from './node-places.ts';

/** Stable codes of what can be wrong in an expression; each is a diagnostic's rule name. */
export type ExpressionProblemCode = Extract<
  RuleName,
  | 'expression-syntax'
  | 'unclosed-expression'
  | 'expression-not-allowed'
  | 'forbidden-property'
  | 'unknown-name'
  | 'unknown-filter'
  | 'unknown-method'
  | 'unknown-builtin'
  | 'unsafe-regex'
  | 'expression-too-large'
>;

/** Something wrong in an expression. `start` and `end` are offsets into the text that was given; `span` is where that is in the file. */
export interface ExpressionProblem {
  readonly code: ExpressionProblemCode;
  readonly message: string;
  readonly help?: string;
  readonly start: number;
  readonly end: number;
  readonly span: Span;
}

/**
 * A read of a root or an agent's result, wherever it stands, arrow functions included; names that a parameter hides are none. `path` is the
 * constant member path that follows: `['output', 'docs']` for `fetch.output.docs.map(…)`, and `['rows', '0']` for `.rows[0]`.
 */
export interface Reference {
  readonly kind: 'root' | 'agent';
  readonly name: string;
  readonly path: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly span: Span;
  /** It stands in an object as key and value at once: `{ total }`. */
  readonly shorthand?: boolean;
}

/** The names that are known beside the roots of LANGUAGE §3.2. */
export interface KnownNames {
  readonly agents: ReadonlySet<string>;
  /** Absent = all of LANGUAGE §3.2. */
  readonly roots?: ReadonlySet<string>;
  /** For did-you-mean; of thousands of unknown names in one file not each needs one. */
  readonly suggest?: Suggest;
}

export interface ExpressionOptions {
  readonly names: KnownNames;
  /** Where a stretch of the given text lies in the file. */
  readonly places: (start: number, end: number) => Span;
  /** Further names that stand for values that whoever evaluates brings along, as `compileExpression`'s `parameters`. */
  readonly parameters?: readonly string[];
}

interface OpenReference {
  readonly kind: 'root' | 'agent';
  readonly name: string;
  readonly path: string[];
  readonly start: number;
  end: number;
  shorthand?: boolean;
}

/** Raised to stop at a limit, after its problem was reported. */
export class TooLarge extends Error {}

const ROOTS: ReadonlySet<string> = new Set(ROOT_NAMES);

/** What a parser collects while it turns one text's expressions into our tree. */
export class ParseContext {
  readonly problems: ExpressionProblem[] = [];
  readonly places: NodePlaces;
  private readonly open: OpenReference[] = [];
  private readonly referenceOf = new WeakMap<Expression, OpenReference>();
  private readonly options: ExpressionOptions;
  private readonly scopes: ReadonlySet<string>[];
  private nodes = 0;
  private depth = 0;

  constructor(options: ExpressionOptions) {
    this.options = options;
    this.places = new NodePlaces(options.places);
    this.scopes = [new Set(options.parameters ?? [])];
  }

  get agents(): ReadonlySet<string> {
    return this.options.names.agents;
  }

  private get roots(): ReadonlySet<string> {
    return this.options.names.roots ?? ROOTS;
  }

  get references(): readonly Reference[] {
    return this.open.map((reference) => ({ ...reference, span: this.options.places(reference.start, reference.end) }));
  }

  place(start: number, end: number): Span {
    return this.options.places(start, end);
  }

  report(code: ExpressionProblemCode, message: string, start: number, end: number, help?: string): { readonly type: 'undefined' } {
    const problem = { code, message, start, end, span: this.options.places(start, end) };
    this.problems.push(help === undefined ? problem : { ...problem, help });
    return { type: 'undefined' };
  }

  /** Begins another expression of the same text: the limits hold for each by itself. */
  beginExpression(): void {
    this.nodes = 0;
    this.depth = 0;
    // A limit may have left the parameters of an arrow function behind.
    this.scopes.length = 1;
  }

  /** Counts one node and runs `build` a level deeper; beyond a limit it reports once and throws {@link TooLarge}. */
  node<Result>(start: number, end: number, build: () => Result): Result {
    this.nodes++;
    this.depth++;
    if (this.nodes > MAX_NODES || this.depth > MAX_DEPTH) {
      const what = this.nodes > MAX_NODES ? `more than ${MAX_NODES} nodes` : `nested more than ${MAX_DEPTH} levels deep`;
      this.report('expression-too-large', `the expression is ${what}`, start, end, 'Do a part of it in an agent of its own.');
      throw new TooLarge();
    }
    const result = build();
    this.depth--;
    if (typeof result === 'object' && result !== null) this.places.add(result, start, end);
    return result;
  }

  withParameters<Result>(names: readonly string[], build: () => Result): Result {
    this.scopes.push(new Set(names));
    const result = build();
    this.scopes.pop();
    return result;
  }

  isParameter(name: string): boolean {
    return this.scopes.some((scope) => scope.has(name));
  }

  /** Whether the name means a value: such a name hides the global of the same name. */
  isValueName(name: string): boolean {
    return this.isParameter(name) || this.agents.has(name) || this.roots.has(name);
  }

  /** A parameter, agent, root or constant by its name; undefined when it is none. */
  resolveName(name: string, start: number, end: number): Expression | undefined {
    if (this.isParameter(name)) return { type: 'parameter', name };
    if (this.agents.has(name)) return this.addReference({ type: 'agent', name }, { kind: 'agent', name, path: [], start, end });
    if (this.roots.has(name)) {
      return this.addReference({ type: 'root', name: name as RootName }, { kind: 'root', name, path: [], start, end });
    }
    if (name === 'undefined') return { type: 'undefined' };
    if (CONSTANTS.has(name)) return { type: 'constant', name };
    return undefined;
  }

  private *knownNames(): Generator<string> {
    for (const scope of this.scopes) yield* scope;
    yield* this.agents;
    yield* this.roots;
  }

  reportUnknownName(name: string, start: number, end: number, joinedBefore = false): Expression {
    const { suggest: suggestName = suggest } = this.options.names;
    const near = suggestName(name, this.knownNames()) ?? suggest(name, BUILTIN_NAMES);
    const listed = this.agents.size === 0 ? '' : `; agents: ${listFirst(this.agents)}`;
    const help = joinedBefore
      ? `A hyphen belongs to a name only if an agent has it. For a key write \`["…-${name}"]\`, for a minus put spaces around it.`
      : this.roots === ROOTS
        ? `Names are the roots ${ROOT_NAMES.join(', ')}${listed}.`
        : `The only names here are ${[...this.scopes.flatMap((scope) => [...scope]), ...this.roots].join(', ')}.`;
    const message = near === undefined ? `\`${name}\` is no known name` : `\`${name}\` is no known name; did you mean \`${near}\`?`;
    return this.report('unknown-name', message, start, end, help);
  }

  /** Tells that `member` reads `property` of `object`, so that the reference behind it knows the path. */
  extendReference(object: Expression, property: string, member: Expression, end: number): Expression {
    const reference = this.referenceOf.get(object);
    if (reference === undefined) return member;
    reference.path.push(property);
    reference.end = end;
    this.referenceOf.set(member, reference);
    return member;
  }

  /** Tells that `wrapper` has the value of `inner`: a member of it goes on with the same path. */
  passReference(inner: Expression, wrapper: Expression): Expression {
    const reference = this.referenceOf.get(inner);
    if (reference !== undefined) this.referenceOf.set(wrapper, reference);
    return wrapper;
  }

  /** Tells that the name that was read stands as `{ name }`. */
  markShorthand(read: Expression): void {
    const reference = this.referenceOf.get(read);
    if (reference !== undefined) reference.shorthand = true;
  }

  private addReference(expression: Expression, reference: OpenReference): Expression {
    this.open.push(reference);
    this.referenceOf.set(expression, reference);
    return expression;
  }
}

/** Of a set of thousands only the names that are shown are looked at. */
function listFirst(names: ReadonlySet<string>): string {
  const shown: string[] = [];
  for (const name of names) {
    if (shown.length === 10) return `${shown.join(', ')}, …`;
    shown.push(name);
  }
  return shown.join(', ');
}
