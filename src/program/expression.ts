import type { JsonValue } from './json.ts';

/** Names that are not agents' (LANGUAGE §3.2). No agent may be called one of these. */
export const ROOT_NAMES = ['input', 'state', 'env', 'run', 'trigger', 'item', 'index', 'loop', 'error', 'mapResults'] as const;
export type RootName = (typeof ROOT_NAMES)[number];

/**
 * One node of a parsed expression: the tree that both dialects (`${…}` and `$<…>`) become, plain JSON, at most 2,000 nodes
 * and 64 levels (LANGUAGE §3.4). Names are resolved by the compiler: a root, an agent, a global or a parameter.
 */
export type Expression =
  | { readonly type: 'literal'; readonly value: string | number | boolean | null }
  | { readonly type: 'undefined' }
  /**
   * Stands only where a string method or `.test()`, `.exec()` takes it. `degree` and `weight`: matching may take weight × n^degree steps for n
   * characters, as the compiler found; the engine bounds n by it. A weight of 1 is left out.
   */
  | { readonly type: 'regex'; readonly pattern: string; readonly flags: string; readonly degree: 1 | 2 | 3; readonly weight?: number }
  | { readonly type: 'template'; readonly texts: readonly string[]; readonly values: readonly Expression[] }
  | { readonly type: 'array'; readonly items: readonly (Expression | SpreadElement)[] }
  | { readonly type: 'object'; readonly entries: readonly (ObjectEntry | SpreadElement)[] }
  | { readonly type: 'root'; readonly name: RootName }
  | { readonly type: 'agent'; readonly name: string }
  | { readonly type: 'parameter'; readonly name: string }
  /** A global that is a value or a namespace's constant: `Math.PI`, `NaN`, `Infinity`. */
  | { readonly type: 'constant'; readonly name: string }
  | { readonly type: 'member'; readonly object: Expression; readonly property: string; readonly optional: boolean }
  | { readonly type: 'index'; readonly object: Expression; readonly property: Expression; readonly optional: boolean }
  /** Ends a `?.` chain: a short circuit inside yields undefined for the whole chain. */
  | { readonly type: 'chain'; readonly expression: Expression }
  /** A method call `object.method(…)`. */
  | {
      readonly type: 'call';
      readonly object: Expression;
      readonly method: string;
      readonly optional: boolean;
      readonly optionalCall: boolean;
      readonly arguments: readonly (Expression | SpreadElement)[];
    }
  /** A builtin, by its full name: `JSON.stringify`, `Math.max`, `Number`, `new Date`. */
  | { readonly type: 'builtin'; readonly name: string; readonly arguments: readonly (Expression | SpreadElement)[] }
  /** A global function handed on as a value: `list.map(Number)`, `list.filter(Boolean)`. */
  | { readonly type: 'builtinReference'; readonly name: string }
  | { readonly type: 'filter'; readonly name: string; readonly input: Expression; readonly arguments: readonly Expression[] }
  | { readonly type: 'unary'; readonly operator: '!' | '-' | '+' | 'typeof' | 'void'; readonly operand: Expression }
  | {
      readonly type: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly dialect?: 'jexl';
    }
  | { readonly type: 'logical'; readonly operator: '&&' | '||' | '??'; readonly left: Expression; readonly right: Expression }
  | { readonly type: 'conditional'; readonly test: Expression; readonly then: Expression; readonly else: Expression }
  | { readonly type: 'arrow'; readonly parameters: readonly Pattern[]; readonly body: Expression }
  /** Jexl's `subject[.price > 10]`: keeps the elements for which the test holds; the element is the parameter `name`. */
  | { readonly type: 'jexlFilter'; readonly subject: Expression; readonly name: string; readonly test: Expression }
  /** Jexl's `.name` on a list reads the first element's (Jexl semantics); on null or undefined yields undefined. */
  | { readonly type: 'jexlMember'; readonly object: Expression; readonly property: Expression }
  /** Jexl's `subject[value]` without a relative name: `true` keeps the subject, `false` yields undefined, anything else is a key of it. */
  | { readonly type: 'jexlIndex'; readonly object: Expression; readonly property: Expression };

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '**' | '//' | '==' | '!=' | '===' | '!==' | '<' | '<=' | '>' | '>=' | 'in';

export interface SpreadElement {
  readonly type: 'spread';
  readonly value: Expression;
}

export interface ObjectEntry {
  readonly type: 'entry';
  readonly key: string | Expression;
  readonly value: Expression;
}

/** A parameter of an arrow function; `{ a: { b = 1 }, ...rest }` and `[x, , ...y]` included. */
export type Pattern =
  | { readonly type: 'name'; readonly name: string; readonly default?: Expression }
  | {
      readonly type: 'objectPattern';
      readonly entries: readonly { readonly key: string; readonly value: Pattern }[];
      readonly rest?: string;
      readonly default?: Expression;
    }
  | { readonly type: 'arrayPattern'; readonly items: readonly (Pattern | null)[]; readonly rest?: Pattern; readonly default?: Expression };

/** Where in the file an expression stands, for messages at run time: line and column count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** One `${…}` or `$<…>` with its source text as written, delimiters included. */
export interface Hole {
  readonly type: 'hole';
  readonly source: string;
  readonly expression: Expression;
  readonly place: Place;
}

/**
 * A value of the file in which expressions may stand (LANGUAGE §3). A string that is exactly one expression is a `hole` and keeps its
 * value's type; several parts are `text`, rendered as §3 says; a subtree without any expression is one `constant`.
 */
export type Template =
  | { readonly type: 'constant'; readonly value: JsonValue }
  | Hole
  | { readonly type: 'text'; readonly parts: readonly (string | Hole)[] }
  | { readonly type: 'list'; readonly items: readonly Template[] }
  | { readonly type: 'mapping'; readonly entries: readonly { readonly key: string; readonly value: Template }[] };
