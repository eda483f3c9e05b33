import type { JsonValue } from '../../program/json.ts';
import type { StateSecret } from './state-session.ts';

/**
 * The secret texts that a session has held, each once. Old values stay: a token that was replaced may still turn up in a later log. Numbers
 * count as the text that they are rendered as; booleans and null tell nothing.
 */
export class SecretLog {
  readonly #known = new Set<string>();
  #all: readonly StateSecret[] = [];

  /** The same array until there is a new secret. */
  get all(): readonly StateSecret[] {
    return this.#all;
  }

  note(name: string, value: JsonValue): void {
    const found = textsOf(value).filter((text) => !this.#known.has(`${name}\n${text}`));
    if (found.length === 0) return;
    for (const text of found) this.#known.add(`${name}\n${text}`);
    this.#all = [...this.#all, ...found.map((text) => ({ name, value: text }))];
  }
}

function textsOf(value: JsonValue): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return [...new Set(Object.values(value).flatMap(textsOf))];
}
