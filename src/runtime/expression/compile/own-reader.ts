import { FORBIDDEN_PROPERTIES } from '../../../program/expression-vocabulary.ts';
import { readOwn } from '../own.ts';
import { OWN_READERS, type OwnReader } from '../own-readers.gen.ts';

let given = 0;

/** A function that reads the own property `key`: fast for plain objects, right for everything (see {@link readOwn}). */
export function ownReader(key: string): OwnReader {
  if (FORBIDDEN_PROPERTIES.has(key)) return () => undefined;
  if (key === 'length') return readLength;
  const make = OWN_READERS[given++ % OWN_READERS.length];
  // Names that every object inherits need the careful way, as do those that someone added to the prototype.
  if (make === undefined || key in Object.prototype) return (value) => readOwn(value, key);
  return make(key);
}

/** The commonest property of lists and strings, which are no plain objects. */
function readLength(value: unknown): unknown {
  return typeof value === 'string' || Array.isArray(value) ? value.length : readOwn(value, 'length');
}
