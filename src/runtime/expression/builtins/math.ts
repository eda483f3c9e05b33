import { type BuiltinName, MATH_FUNCTIONS } from '../../../program/expression-vocabulary.ts';
import { toNumber } from '../coerce.ts';
import type { Builtin } from './builtin.ts';

type MathName = Extract<BuiltinName, `Math.${string}`>;

type SpecialName = 'Math.min' | 'Math.max' | 'Math.hypot' | 'Math.random';

const plain = MATH_FUNCTIONS.filter((name) => name !== 'random' && name !== 'min' && name !== 'max' && name !== 'hypot');
const PLAIN = Object.fromEntries(plain.map((name) => [`Math.${name}`, ofNumbers(Math[name])])) as Readonly<
  Record<Exclude<MathName, SpecialName>, Builtin>
>;

/** JavaScript's `Math`; chance comes from the run, so that a replay repeats it. */
export const MATH_BUILTINS: Readonly<Record<MathName, Builtin>> = {
  ...PLAIN,
  'Math.min': (args) => args.reduce<number>((least, arg) => Math.min(least, toNumber(arg)), Number.POSITIVE_INFINITY),
  'Math.max': (args) => args.reduce<number>((most, arg) => Math.max(most, toNumber(arg)), Number.NEGATIVE_INFINITY),
  'Math.hypot': hypot,
  'Math.random': (_args, scope) => scope.random(),
};

function ofNumbers(compute: (...numbers: number[]) => number): Builtin {
  // None of these takes more than two numbers.
  return (args) => compute(...args.slice(0, 2).map(toNumber));
}

/** In pieces: spreading 100,000 arguments into one call would exhaust the stack. One piece is one call, for the last digit depends on how many there are. */
function hypot(args: readonly unknown[]): number {
  const first = args.slice(0, 1_000).map(toNumber);
  return args.length <= 1_000 ? Math.hypot(...first) : Math.hypot(...first, hypot(args.slice(1_000)));
}
