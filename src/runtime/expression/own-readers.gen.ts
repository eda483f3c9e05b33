// Made by npm run generate. Do not edit.

import type { Evaluate } from './compile/environment.ts';

type Data = Readonly<Record<string, unknown>>;
/** Reads one own property of data, as `readOwn` with a key that is known. */
export type OwnReader = (value: unknown) => unknown;

const plain = Object.prototype;

/** An inherited value can only come from a prototype that is not Object's own: keys that Object.prototype itself has must not come here. */
function readCarefully(value: object, key: string, found: unknown): unknown {
  return typeof found !== 'function' && Object.hasOwn(value, key) ? found : undefined;
}

/**
 * The same function many times over, on purpose: a JavaScript engine learns the keys and the shapes of objects for each place of the source text, so a
 * reader that all expressions shared would have to cope with every key and every shape. Given out one by one they stay as fast as `object.key`
 * (measured: 2 ns a read in place of 10).
 */
export const OWN_READERS: readonly ((key: string) => OwnReader)[] = [
  (key) => (value) => {
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (value) => {
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (value) => {
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (value) => {
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (value) => {
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (value) => {
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (value) => {
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (value) => {
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (value) => {
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (value) => {
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (value) => {
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (value) => {
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (value) => {
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (value) => {
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (value) => {
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (value) => {
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
];

/** The same of what an arrow function's parameter holds: a closure in between would cost more than the read. */
export const PARAMETER_READERS: readonly ((key: string, place: number) => Evaluate)[] = [
  (key, place) => (_scope, locals) => {
    const value = locals[place];
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key, place) => (_scope, locals) => {
    const value = locals[place];
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key, place) => (_scope, locals) => {
    const value = locals[place];
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key, place) => (_scope, locals) => {
    const value = locals[place];
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key, place) => (_scope, locals) => {
    const value = locals[place];
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key, place) => (_scope, locals) => {
    const value = locals[place];
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key, place) => (_scope, locals) => {
    const value = locals[place];
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key, place) => (_scope, locals) => {
    const value = locals[place];
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key, place) => (_scope, locals) => {
    const value = locals[place];
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key, place) => (_scope, locals) => {
    const value = locals[place];
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key, place) => (_scope, locals) => {
    const value = locals[place];
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key, place) => (_scope, locals) => {
    const value = locals[place];
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
];

/** The same of `input`. */
export const INPUT_READERS: readonly ((key: string) => Evaluate)[] = [
  (key) => (scope) => {
    const value = scope.input;
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (scope) => {
    const value = scope.input;
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (scope) => {
    const value = scope.input;
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (scope) => {
    const value = scope.input;
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (scope) => {
    const value = scope.input;
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (scope) => {
    const value = scope.input;
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (scope) => {
    const value = scope.input;
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (scope) => {
    const value = scope.input;
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (scope) => {
    const value = scope.input;
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (scope) => {
    const value = scope.input;
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (scope) => {
    const value = scope.input;
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (scope) => {
    const value = scope.input;
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (scope) => {
    const value = scope.input;
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (scope) => {
    const value = scope.input;
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (scope) => {
    const value = scope.input;
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
  (key) => (scope) => {
    const value = scope.input;
    if (value === null || value === undefined) return undefined;
    const found = (value as Data)[key];
    return typeof found !== 'function' && Object.getPrototypeOf(value) === plain ? found : readCarefully(value, key, found);
  },
];
