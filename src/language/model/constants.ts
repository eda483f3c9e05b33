import { parseDuration } from '../../program/duration.ts';
import type { LocatedScalar } from '../document/located.ts';
import { hasExpression } from './fields.ts';
import type { Findings } from './findings.ts';

/** Milliseconds of a duration setting, reported when it is none or an expression. `label` is how the message names the key. */
export function readDuration(
  scalar: LocatedScalar | undefined,
  label: string,
  findings: Findings,
  unit: 'ms' | 's' = 'ms',
): number | undefined {
  if (scalar === undefined || !checkConstant(scalar, label, findings)) return undefined;
  const { value } = scalar;
  const ms = typeof value === 'number' || typeof value === 'string' ? parseDuration(value, unit) : undefined;
  if (ms === undefined) {
    findings.report('invalid-duration', scalar.span, `\`${label}\` is no duration: ${JSON.stringify(value)}`, {
      help: `write a number of ${unit === 's' ? 'seconds' : 'milliseconds'}, or a text such as 500ms, 30s, 5m, 2h, 7d`,
    });
  }
  return ms;
}

interface Range {
  readonly min: number;
  readonly max?: number;
  readonly integer?: boolean;
}

/** A number setting, reported when it is none, out of range or an expression. */
export function readNumber(scalar: LocatedScalar | undefined, label: string, findings: Findings, range: Range): number | undefined {
  if (scalar === undefined || !checkConstant(scalar, label, findings)) return undefined;
  const { value } = scalar;
  const { min, max = Number.MAX_SAFE_INTEGER, integer = true } = range;
  if (typeof value === 'number' && value >= min && value <= max && (!integer || Number.isInteger(value))) return value;
  const kind = integer ? 'a whole number' : 'a number';
  const bounds = range.max === undefined ? `from ${min} on` : `from ${min} to ${max}`;
  findings.report('invalid-number', scalar.span, `\`${label}\` must be ${kind} ${bounds}, not ${JSON.stringify(value)}`);
  return undefined;
}

/** These settings are part of the program, fixed before anything runs: an expression in one is an error. */
function checkConstant(scalar: LocatedScalar, label: string, findings: Findings): boolean {
  if (typeof scalar.value !== 'string' || !hasExpression(scalar.value)) return true;
  findings.report('constant-required', scalar.span, `\`${label}\` is fixed before the run starts: no expression can stand here`, {
    help: 'write the value itself',
  });
  return false;
}
