import { isRunId } from '../../program/run-id.ts';
import type { ScopePoint } from '../../program/state-calls.ts';
import { parseTime } from '../../program/time.ts';
import type { Parameter } from './routes/route.ts';

const VERSION = /^v?(\d{1,10})$/;
const SNAPSHOT = /^snapshot:(.{1,256})$/s;

/** A point in the life of a scope, as `ensemble state` writes it. A run stands for the state before it first wrote, or after it last did. */
export function scopePoint(description: string, side: 'before-run' | 'after-run'): Parameter<ScopePoint> {
  return {
    schema: { type: 'string', minLength: 1, examples: ['12', '2026-11-21T16:00Z', 'snapshot:before-migration'] },
    description: `${description} A version (\`12\`), a time (ISO 8601 or epoch ms), \`snapshot:NAME\`, or a run.`,
    read: (given) => {
      const version = VERSION.exec(given)?.[1];
      if (version !== undefined) return { type: 'version', version: Number(version) };
      const name = SNAPSHOT.exec(given)?.[1];
      if (name !== undefined) return { type: 'snapshot', name };
      if (isRunId(given)) return { type: side, run: given };
      const at = parseTime(given);
      return at === undefined ? undefined : { type: 'time', at };
    },
  };
}
