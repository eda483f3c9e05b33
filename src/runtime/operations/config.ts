import { parseDuration } from '../../program/duration.ts';
import type { JsonObject, JsonValue } from '../../program/json.ts';
import { suggest } from '../../program/suggest.ts';
import { type FailureError, failure } from '../failure.ts';
import { getOwn } from '../own-property.ts';
import { describeValue } from '../schema/describe.ts';

/** Keys that every operation's config may hold because the engine, not the operation, reads them. */
const ENGINE_KEYS: readonly string[] = ['reject_tainted'];

interface NumberRange {
  readonly min?: number;
  readonly max?: number;
  readonly integer?: boolean;
}

/**
 * Checked access to an evaluated config. It is untrusted data: what the author wrote was checked by the compiler, what an expression
 * yielded was not. Each reader hands back the value, or undefined when the key is absent or null, or throws `CONFIG_INVALID` with the key, what
 * is expected and what was found.
 */
export class Config {
  readonly #operation: string;
  readonly #values: JsonObject;

  /** `operation` is how messages call it (`http`, `storage kv`); `keys` are all that it takes. */
  constructor(operation: string, config: JsonValue, keys: readonly string[]) {
    this.#operation = operation;
    if (typeof config !== 'object' || config === null || Array.isArray(config)) {
      throw this.invalid(`takes a mapping as config, found ${describeValue(config)}`);
    }
    this.#values = config as JsonObject;
    for (const key of Object.keys(config)) {
      if (keys.includes(key) || ENGINE_KEYS.includes(key)) continue;
      const near = suggest(key, keys);
      throw this.invalid(`has no setting "${key}"${near === undefined ? `; it takes ${keys.join(', ')}` : `; did you mean "${near}"?`}`);
    }
  }

  /** The failure to throw for a config that cannot work; `problem` completes the sentence that the operation's name begins. */
  invalid(problem: string): FailureError {
    return failure('CONFIG_INVALID', `${this.#operation} ${problem}`);
  }

  /** The failure for one key: `http: "timeout" must be …, found …`. */
  mismatch(key: string, expected: string): FailureError {
    return this.invalid(`needs "${key}" to be ${expected}, found ${describeValue(getOwn(this.#values, key))}`);
  }

  has(key: string): boolean {
    return this.value(key) !== undefined;
  }

  /** Any value but null. */
  value(key: string): Exclude<JsonValue, null> | undefined {
    return (getOwn(this.#values, key) as JsonValue | undefined) ?? undefined;
  }

  /** The value of the first of several spellings that is present. */
  either(keys: readonly string[]): string | undefined {
    return keys.find((key) => this.has(key));
  }

  /** Any value, null included; undefined only when the key is absent. */
  raw(key: string): JsonValue | undefined {
    return getOwn(this.#values, key) as JsonValue | undefined;
  }

  /** A text; numbers and booleans are taken as their text, for keys and names are often computed. */
  text(key: string): string | undefined {
    const value = this.value(key);
    if (value === undefined || typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw this.mismatch(key, 'a text');
  }

  /** A text that must be there and hold something. */
  requiredText(key: string, example: string): string {
    const value = this.text(key);
    if (value === undefined || value === '') throw this.mismatch(key, `a text such as ${example}`);
    return value;
  }

  flag(key: string): boolean | undefined {
    const value = this.value(key);
    if (value === undefined || typeof value === 'boolean') return value;
    throw this.mismatch(key, 'true or false');
  }

  /** A number, or a text that is one (environment variables are texts). */
  number(key: string, { min = -Infinity, max = Infinity, integer = false }: NumberRange = {}): number | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number === 'number' && number >= min && number <= max && (!integer || Number.isInteger(number))) return number;
    const bounds = [min > -Infinity ? `at least ${min}` : '', max < Infinity ? `at most ${max}` : ''].filter((text) => text !== '');
    throw this.mismatch(key, [integer ? 'a whole number' : 'a number', bounds.join(' and ')].join(' ').trim());
  }

  /** Milliseconds of a duration; a bare number counts `unit`s (LANGUAGE §2). */
  durationMs(key: string, unit: 'ms' | 's' = 'ms'): number | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    const ms = typeof value === 'string' || typeof value === 'number' ? parseDuration(value, unit) : undefined;
    if (ms !== undefined) return ms;
    throw this.mismatch(key, `a duration such as 30s, or a number of ${unit === 's' ? 'seconds' : 'milliseconds'}`);
  }

  oneOf<Choice extends string>(key: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    const choice = choices.find((candidate) => candidate === value);
    if (choice !== undefined) return choice;
    const near = typeof value === 'string' ? suggest(value, choices) : undefined;
    throw this.mismatch(key, `one of ${choices.join(', ')}${near === undefined ? '' : ` (did you mean ${near}?)`}`);
  }

  mapping(key: string): JsonObject | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    if (typeof value === 'object' && !Array.isArray(value)) return value as JsonObject;
    throw this.mismatch(key, 'a mapping');
  }

  list(key: string): readonly JsonValue[] | undefined {
    const value = this.value(key);
    if (value === undefined || isList(value)) return value;
    throw this.mismatch(key, 'a list');
  }

  /** A text or a list of texts, as a list. */
  texts(key: string): readonly string[] | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    const list = isList(value) ? value : [value];
    if (list.every((item) => typeof item === 'string')) return list;
    throw this.mismatch(key, 'a text or a list of texts');
  }
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
