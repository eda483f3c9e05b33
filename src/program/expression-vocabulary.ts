/**
 * What an expression may name (LANGUAGE §3.1). The compiler refuses any other name; the engine's tables are typed by these lists, so
 * that a name without an implementation, or the reverse, does not compile.
 */

/** `value | name(arguments)`. */
// biome-ignore format: one line a theme
export const FILTER_NAMES = [
  'uppercase', 'lowercase', 'capitalize', 'trim', 'split', 'join',
  'length', 'first', 'last', 'slice', 'reverse', 'sort', 'unique',
  'abs', 'round', 'floor', 'ceil', 'sum', 'min', 'max',
  'number', 'string', 'boolean', 'json', 'keys', 'values', 'default',
] as const;
export type FilterName = (typeof FILTER_NAMES)[number];

// biome-ignore format: one line a theme
export const STRING_METHODS = [
  'at', 'charAt', 'charCodeAt', 'codePointAt', 'concat', 'slice', 'substring', 'substr', 'split', 'repeat', 'padStart', 'padEnd',
  'includes', 'startsWith', 'endsWith', 'indexOf', 'lastIndexOf', 'localeCompare', 'search', 'match', 'matchAll', 'replace', 'replaceAll',
  'toLowerCase', 'toUpperCase', 'toLocaleLowerCase', 'toLocaleUpperCase', 'trim', 'trimStart', 'trimEnd', 'normalize',
  'isWellFormed', 'toWellFormed', 'toString', 'valueOf',
] as const;
// biome-ignore format: one line a theme
export const LIST_METHODS = [
  'at', 'concat', 'slice', 'flat', 'join', 'reverse', 'toReversed', 'toSpliced', 'with', 'keys', 'values', 'entries',
  'includes', 'indexOf', 'lastIndexOf', 'every', 'some', 'filter', 'find', 'findIndex', 'findLast', 'findLastIndex',
  'map', 'flatMap', 'reduce', 'reduceRight', 'sort', 'toSorted', 'toString',
] as const;
export const NUMBER_METHODS = ['toFixed', 'toPrecision', 'toExponential', 'toString', 'toLocaleString', 'valueOf'] as const;
export const BOOLEAN_METHODS = ['toString', 'valueOf'] as const;
// biome-ignore format: one line a theme
export const DATE_METHODS = [
  'getTime', 'getFullYear', 'getMonth', 'getDate', 'getDay', 'getHours', 'getMinutes', 'getSeconds', 'getMilliseconds', 'getTimezoneOffset',
  'getUTCFullYear', 'getUTCMonth', 'getUTCDate', 'getUTCDay', 'getUTCHours', 'getUTCMinutes', 'getUTCSeconds', 'getUTCMilliseconds',
  'toISOString', 'toJSON', 'toString', 'valueOf',
] as const;
/** Of a regular expression literal: `/^a/.test(text)`. */
export const REGEX_METHODS = ['test', 'exec'] as const;

/** Every method that some kind of value has. */
export const METHOD_NAMES: ReadonlySet<string> = new Set([
  ...STRING_METHODS,
  ...LIST_METHODS,
  ...NUMBER_METHODS,
  ...BOOLEAN_METHODS,
  ...DATE_METHODS,
  ...REGEX_METHODS,
]);

/** Which argument of a method may be a function; a function stands nowhere else in an expression. */
export const CALLBACK_ARGUMENT: ReadonlyMap<string, number> = new Map([
  ...['every', 'some', 'filter', 'find', 'findIndex', 'findLast', 'findLastIndex'].map((name) => [name, 0] as const),
  ...['map', 'flatMap', 'reduce', 'reduceRight', 'sort', 'toSorted'].map((name) => [name, 0] as const),
  ['replace', 1],
  ['replaceAll', 1],
]);
/** The same for builtins. */
export const BUILTIN_CALLBACK_ARGUMENT: ReadonlyMap<string, number> = new Map([['Array.from', 1]]);
/** The same for filters: how each element is looked at. */
export const FILTER_CALLBACK_ARGUMENT: ReadonlyMap<string, number> = new Map(
  ['sort', 'unique', 'sum', 'min', 'max'].map((name) => [name, 0] as const),
);
/** Methods of a string whose first argument may be a regular expression literal. */
export const REGEX_TAKING_METHODS: ReadonlySet<string> = new Set(['match', 'matchAll', 'replace', 'replaceAll', 'search', 'split']);

// biome-ignore format: one line a theme
export const MATH_FUNCTIONS = [
  'abs', 'ceil', 'floor', 'round', 'trunc', 'sign', 'fround', 'min', 'max', 'pow', 'sqrt', 'cbrt', 'hypot', 'exp', 'expm1',
  'log', 'log2', 'log10', 'log1p', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'atan2', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh',
  'clz32', 'imul', 'random',
] as const;
const mathNames = MATH_FUNCTIONS.map((name) => `Math.${name}` as const);

/** Functions by their full name. `new Date` is the only one that is written with `new`. */
// biome-ignore format: one line a theme
export const BUILTIN_NAMES = [
  'JSON.parse', 'JSON.stringify', ...mathNames, 'new Date', 'Date.now', 'Date.parse', 'Date.UTC',
  'Object.keys', 'Object.values', 'Object.entries', 'Object.fromEntries', 'Array.isArray', 'Array.from', 'Array.of',
  'Number', 'String', 'Boolean', 'parseInt', 'parseFloat', 'isNaN', 'isFinite',
  'Number.isInteger', 'Number.isSafeInteger', 'Number.isFinite', 'Number.isNaN', 'Number.parseInt', 'Number.parseFloat', 'String.fromCharCode',
  'encodeURIComponent', 'decodeURIComponent', 'encodeURI', 'decodeURI', 'crypto.randomUUID',
] as const;
export type BuiltinName = (typeof BUILTIN_NAMES)[number];

/** Names that are values, with the value that the engine gives them. */
export const CONSTANTS: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['Math.PI', Math.PI],
  ['Math.E', Math.E],
  ['Math.LN2', Math.LN2],
  ['Math.LN10', Math.LN10],
  ['Math.LOG2E', Math.LOG2E],
  ['Math.LOG10E', Math.LOG10E],
  ['Math.SQRT2', Math.SQRT2],
  ['Math.SQRT1_2', Math.SQRT1_2],
  ['Number.MAX_SAFE_INTEGER', Number.MAX_SAFE_INTEGER],
  ['Number.MIN_SAFE_INTEGER', Number.MIN_SAFE_INTEGER],
  ['Number.MAX_VALUE', Number.MAX_VALUE],
  ['Number.MIN_VALUE', Number.MIN_VALUE],
  ['Number.EPSILON', Number.EPSILON],
  ['Number.POSITIVE_INFINITY', Number.POSITIVE_INFINITY],
  ['Number.NEGATIVE_INFINITY', Number.NEGATIVE_INFINITY],
  ['Number.NaN', Number.NaN],
]);

/** Property names that never resolve, in any spelling (LANGUAGE §3.1). */
export const FORBIDDEN_PROPERTIES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Limits of one expression's text (LANGUAGE §3.4). */
export const MAX_NODES = 2_000;
export const MAX_DEPTH = 64;
