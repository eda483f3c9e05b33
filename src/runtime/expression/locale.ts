import { failure } from '../failure.ts';
import { work } from './limits.ts';

/**
 * What goes by the rules of a language. Without one it is American English, wherever a run takes place. An engine takes some 50 µs to learn the rules of one, so what was learnt last
 * is kept.
 */
const DEFAULT_LOCALE = 'en-US';
const KEPT = 32;

const formats = new Map<string, Intl.NumberFormat>();
const collators = new Map<string, Intl.Collator>();

/** Throws `EXPRESSION` for a language tag that is none, and for options that make no sense. */
export function numberFormat(locale = DEFAULT_LOCALE, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  work(2_000);
  return learn(formats, `${locale} ${JSON.stringify(options)}`, () => {
    checkTag(locale);
    try {
      return new Intl.NumberFormat(locale, options);
    } catch (error) {
      // A style that lacks its currency or unit.
      if (error instanceof TypeError) throw failure('EXPRESSION', `.toLocaleString(): ${error.message}`);
      throw error;
    }
  });
}

/** Throws `EXPRESSION` for a language tag that is none. */
export function compareTexts(a: string, b: string, locale = DEFAULT_LOCALE): number {
  work(100 + Math.min(a.length, b.length) * 10);
  const learnt = learn(collators, locale, () => {
    checkTag(locale);
    return new Intl.Collator(locale);
  });
  return learnt.compare(a, b);
}

/** Throws `EXPRESSION` for a language tag that is none. */
export function changeCase(text: string, change: 'toLocaleLowerCase' | 'toLocaleUpperCase', locale = DEFAULT_LOCALE): string {
  work(1_000 + text.length * 12);
  if (locale !== DEFAULT_LOCALE) checkTag(locale);
  return text[change](locale);
}

/** Each engine says this in words of its own, and what an expression fails with is the same wherever it fails. */
function checkTag(locale: string): void {
  try {
    Intl.getCanonicalLocales(locale);
  } catch {
    throw failure('EXPRESSION', 'what is given as a language is no tag of one, such as "en-US"');
  }
}

function learn<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const found = known.get(key);
  if (found !== undefined) return found;
  work(100_000);
  const made = make();
  if (known.size >= KEPT) known.clear();
  known.set(key, made);
  return made;
}
