import { FORBIDDEN_PROPERTIES } from '../../../program/expression-vocabulary.ts';
import { readOwn } from '../own.ts';
import { INPUT_READERS, OWN_READERS, type OwnReader, PARAMETER_READERS } from '../own-readers.gen.ts';
import type { Evaluate } from './environment.ts';

/** Hands out the copies of one reader: an unused one as long as there are any, then one that reads the same key, then all in turn. */
class Copies<Maker> {
  readonly #makers: readonly Maker[];
  /** What each copy that was handed out reads. */
  readonly #keys: string[] = [];
  #turn = 0;

  constructor(makers: readonly Maker[]) {
    this.#makers = makers;
  }

  /** Undefined for keys that need the careful way: names that every object inherits, as do those that someone added to the prototype. */
  for(key: string): Maker | undefined {
    if (key in Object.prototype || key === 'length') return undefined;
    const { length } = this.#keys;
    const same = length < this.#makers.length ? length : this.#keys.indexOf(key);
    const copy = same === -1 ? this.#turn++ % length : same;
    this.#keys[copy] = key;
    return this.#makers[copy];
  }
}

const own = new Copies(OWN_READERS);
const ofParameters = new Copies(PARAMETER_READERS);
const ofInput = new Copies(INPUT_READERS);

/** A function that reads the own property `key`: fast for plain objects, right for everything (see {@link readOwn}). */
export function ownReader(key: string): OwnReader {
  if (FORBIDDEN_PROPERTIES.has(key)) return () => undefined;
  if (key === 'length') return readLength;
  return own.for(key)?.(key) ?? ((value) => readOwn(value, key));
}

/** The same of what the parameter at `place` holds. */
export function parameterReader(key: string, place: number): Evaluate {
  const reader = FORBIDDEN_PROPERTIES.has(key) ? undefined : ofParameters.for(key)?.(key, place);
  if (reader !== undefined) return reader;
  const read = ownReader(key);
  return (_scope, locals) => read(locals[place]);
}

/** The same of `input`. */
export function inputReader(key: string): Evaluate {
  const reader = FORBIDDEN_PROPERTIES.has(key) ? undefined : ofInput.for(key)?.(key);
  if (reader !== undefined) return reader;
  const read = ownReader(key);
  return (scope) => read(scope.input);
}

/** The commonest property of lists and strings, which are no plain objects. */
export function readLength(value: unknown): unknown {
  return typeof value === 'string' || Array.isArray(value) ? value.length : readOwn(value, 'length');
}
