import { deepCompareStrict, format as FORMATS, ucs2length } from '@cfworker/json-schema';
import { isRecord, type Keyword } from './keyword.ts';

/** Of values of any kind. */
export const VALUE_KEYWORDS: Readonly<Record<string, Keyword>> = {
  type: (limit) => {
    const types = Array.isArray(limit) ? limit : [limit];
    return (value, at, by, checking) => types.some((type) => isOf(type, value)) || checking.fault('type', at, by);
  },
  const: (limit) => (value, at, by, checking) => deepCompareStrict(value, limit) || checking.fault('const', at, by),
  enum: (limit) => {
    const choices = limit as readonly unknown[];
    // Found at once: many values that each may be one of many words are ordinary.
    const scalars = new Set(choices.filter((choice) => !isComposite(choice)));
    const composites = choices.filter(isComposite);
    return (value, at, by, checking) => {
      if (!isComposite(value)) return scalars.has(value) || checking.fault('enum', at, by);
      checking.spend(composites.length);
      return composites.some((choice) => deepCompareStrict(value, choice)) || checking.fault('enum', at, by);
    };
  },
};

function isComposite(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function isOf(type: unknown, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isRecord(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

const ofNumbers =
  (keyword: string, fits: (value: number, limit: number) => boolean): Keyword =>
  (limit) =>
  (value, at, by, checking) =>
    typeof value !== 'number' || fits(value, limit as number) || checking.fault(keyword, at, by);

export const NUMBER_KEYWORDS: Readonly<Record<string, Keyword>> = {
  minimum: ofNumbers('minimum', (value, limit) => value >= limit),
  maximum: ofNumbers('maximum', (value, limit) => value <= limit),
  exclusiveMinimum: ofNumbers('exclusiveMinimum', (value, limit) => value > limit),
  exclusiveMaximum: ofNumbers('exclusiveMaximum', (value, limit) => value < limit),
  multipleOf: ofNumbers('multipleOf', isMultipleOf),
};

/** By their decimal digits: 0.3 is a multiple of 0.1, which a division of floating-point numbers denies. */
function isMultipleOf(value: number, divisor: number): boolean {
  if (divisor <= 0 || !Number.isFinite(divisor)) return false;
  const [ofValue, ofDivisor] = [toDecimal(value), toDecimal(divisor)];
  const exponent = Math.min(ofValue.exponent, ofDivisor.exponent);
  const scaled = ({ digits, exponent: own }: Decimal): bigint => digits * 10n ** BigInt(own - exponent);
  return scaled(ofValue) % scaled(ofDivisor) === 0n;
}

interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

function toDecimal(value: number): Decimal {
  const [mantissa = '', exponent] = value.toExponential().split('e');
  const [whole, fraction = ''] = mantissa.split('.');
  return { digits: BigInt(`${whole}${fraction}`), exponent: Number(exponent) - fraction.length };
}

const ofTexts =
  (keyword: string, prepare: (limit: unknown) => (value: string) => boolean): Keyword =>
  (limit) => {
    const fits = prepare(limit);
    return (value, at, by, checking) => {
      if (typeof value !== 'string') return true;
      checking.spend(value.length >> 10);
      return fits(value) || checking.fault(keyword, at, by);
    };
  };

export const TEXT_KEYWORDS: Readonly<Record<string, Keyword>> = {
  minLength: ofTexts('minLength', (limit) => (value) => ucs2length(value) >= (limit as number)),
  pattern: (limit, { schema }) => {
    const pattern = new RegExp(limit as string, 'u');
    const stepsOf = estimateSteps(limit as string, Reflect.get(schema, 'maxLength'));
    return (value, at, by, checking) => {
      if (typeof value !== 'string') return true;
      const fits = pattern.test(value);
      checking.spend(
        (value.length >> 10) + stepsOf(value.length, fits),
        `so many texts are held against the pattern ${limit} that it takes too long`,
      );
      return fits || checking.fault('pattern', at, by);
    };
  },
  // A format that nobody knows checks nothing (the rule `unknown-format` says so).
  format: ofTexts('format', (limit) => (Object.hasOwn(FORMATS, limit as string) ? formatOf(limit as string) : () => true)),
};

/** Of a regular expression: so much of its backtracking counts as one step of the check. An estimate by a power is mostly far too high, one by doubling is not. */
const BACKTRACKS_PER_STEP = 4_000;
const DOUBLINGS_PER_STEP = 200;
/** More than the compiler lets one text take (`MAX_STEPS` of src/language/expression/longest-text.ts) it does not take, whatever the estimate says. */
const BACKTRACKS_OF_ONE_TEXT = 100_000_000;
/** A text that fits is mostly found to at once: all ways are tried only where there is none. */
const SHARE_OF_FITTING = 1 / 20;

/**
 * The compiler gives each pattern that can take long a `maxLength` (src/language/build/bound-patterns.ts), which bounds one text; this bounds many of them. Roughly, by what is repeated, but for a repetition
 * at the very end, which cannot fail: of a pattern whose time doubles with each character no text is longer than 24.
 */
function estimateSteps(pattern: string, maxLength: unknown): (length: number, fits: boolean) => number {
  if (typeof maxLength !== 'number') return () => 0;
  const isAnchored = pattern.startsWith('^');
  if (maxLength <= 24 && /\)[*+{]/.test(pattern)) return (length, fits) => (fits && isAnchored ? 0 : 2 ** length / DOUBLINGS_PER_STEP);
  const repeated = pattern.replace(/[*+]\??$/, '').match(/[*+]|,\}/g)?.length ?? 0;
  const degree = Math.min(3, repeated + (isAnchored ? 0 : 1));
  return (length, fits) => (Math.min(BACKTRACKS_OF_ONE_TEXT, length ** degree) / BACKTRACKS_PER_STEP) * (fits ? SHARE_OF_FITTING : 1);
}

/** The library's own `url` takes exponential time on a text that is none. Letters of other scripts are no part of a URI, but people write them, and browsers take them. */
function formatOf(name: string): (value: string) => boolean {
  const fits = FORMATS[name === 'url' ? 'uri' : name] ?? (() => true);
  return name === 'url' ? (value) => /^(?:https?|ftp):\/\/[^/?#]/i.test(value) && fits(value.replace(/[^\0-\x7f\s]/gu, 'x')) : fits;
}
