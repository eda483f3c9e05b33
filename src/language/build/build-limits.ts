import type { Limits } from '../../program/program.ts';
import { mapLimits } from '../model/map-limits.ts';
import type { ParsedLimits } from '../model/parsed-body.ts';

export function buildLimits(limits: ParsedLimits): Limits {
  return mapLimits(limits, (limit) => (typeof limit === 'number' ? limit : limit.template));
}
