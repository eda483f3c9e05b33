import type { RootName } from '../../program/expression.ts';
import type { BodyTypes } from './body-types.ts';
import type { Environment } from './environment.ts';
import type { LexicalRoot } from './lexical-roots.ts';
import { INTEGER, recordOf, STRING, shapeOf, type Type, UNKNOWN } from './type.ts';

const ENV = recordOf(STRING);
const RUN = shapeOf({ id: STRING, ensemble: STRING, started_at: INTEGER, attempt: INTEGER });

/** What is different where an expression stands. */
export interface Special {
  readonly input?: () => Type;
  readonly state?: () => Type;
  /** What a root that depends on its surroundings is; left out where it has no meaning. */
  readonly lexical?: (name: LexicalRoot) => Type;
  /** The agent whose own result is there already, by its names. */
  readonly own?: { readonly names: readonly string[]; readonly type: () => Type };
  /** Agents in whose `loop` something stands: what it reads of them may be of one round. */
  readonly rounds?: () => ReadonlySet<string>;
}

/** What the names of a body mean at one place of it, each worked out when it is first asked for. */
export class BodyEnvironment implements Environment {
  readonly #types: BodyTypes;
  readonly #special: Special;
  readonly #roots = new Map<RootName, Type>();
  #rounds: ReadonlySet<string> | undefined;
  #own: Type | undefined;

  constructor(types: BodyTypes, special: Special) {
    this.#types = types;
    this.#special = special;
  }

  root(name: RootName): Type {
    const known = this.#roots.get(name);
    if (known !== undefined) return known;
    const type = this.#root(name);
    this.#roots.set(name, type);
    return type;
  }

  #root(name: RootName): Type {
    const { input, state, lexical } = this.#special;
    switch (name) {
      case 'input':
        return input?.() ?? this.#types.input;
      case 'state':
        return state?.() ?? this.#types.state;
      case 'env':
        return ENV;
      case 'run':
        return RUN;
      case 'item':
      case 'loop':
      case 'error':
      case 'mapResults':
        return lexical?.(name) ?? UNKNOWN;
      case 'index':
        return INTEGER;
      case 'trigger':
        return UNKNOWN;
      default:
        return name satisfies never;
    }
  }

  agent(name: string): Type {
    const { own, rounds } = this.#special;
    if (own?.names.includes(name)) {
      this.#own ??= own.type();
      return this.#own;
    }
    this.#rounds ??= rounds?.() ?? new Set();
    return this.#rounds.has(name) ? UNKNOWN : this.#types.result(name);
  }
}
