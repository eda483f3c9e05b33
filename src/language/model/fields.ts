import type { Span } from '../../program/diagnostic.ts';
import type { Located, LocatedEntry, LocatedMapping, LocatedScalar } from '../document/located.ts';

/** A piece of text that knows its place: a name, a keyword. */
export interface Word {
  readonly text: string;
  readonly span: Span;
}

/**
 * The entries of a mapping by name. Lenient: a value of the wrong kind reads as absent, because the shape check has already said so, and the
 * compiler goes on to find what else is wrong.
 */
export class Fields {
  readonly #entries = new Map<string, LocatedEntry>();

  constructor(value: Located | undefined) {
    if (value?.kind !== 'mapping') return;
    for (const entry of value.entries) if (!this.#entries.has(entry.key.text)) this.#entries.set(entry.key.text, entry);
  }

  /** The entry under the first of the names (a key and its aliases) that is there. */
  entry(...names: readonly string[]): LocatedEntry | undefined {
    for (const name of names) {
      const entry = this.#entries.get(name);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  /** Like `entry`, and not there when nothing is written after the colon: `agents:` alone is an absent key, not a null. */
  value(...names: readonly string[]): Located | undefined {
    const value = this.entry(...names)?.value;
    return value !== undefined && isNull(value) ? undefined : value;
  }

  scalar(...names: readonly string[]): LocatedScalar | undefined {
    const value = this.value(...names);
    return value?.kind === 'scalar' ? value : undefined;
  }

  word(...names: readonly string[]): Word | undefined {
    return asWord(this.value(...names));
  }

  text(...names: readonly string[]): string | undefined {
    return this.word(...names)?.text;
  }

  mapping(...names: readonly string[]): LocatedMapping | undefined {
    const value = this.value(...names);
    return value?.kind === 'mapping' ? value : undefined;
  }

  list(...names: readonly string[]): readonly Located[] {
    const value = this.value(...names);
    return value?.kind === 'list' ? value.items : [];
  }
}

/** The word that a scalar is; numbers and booleans as they are spelled in JSON, since `version: 1.2` is meant as text. */
export function asWord(value: Located | undefined): Word | undefined {
  if (value?.kind !== 'scalar' || value.value === null) return undefined;
  return { text: String(value.value), span: value.span };
}

export function isNull(value: Located): boolean {
  return value.kind === 'scalar' && value.value === null;
}

/** Whether a text holds an expression's opening; `$${` and `$$<` are the literal characters. */
export function hasExpression(text: string): boolean {
  return /\$[{<]/.test(text.replaceAll(/\$\$[{<]/g, ''));
}

/** Whether a text can be the name of an ensemble, an agent or an agent file (LANGUAGE §1). */
export function isName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(text);
}
