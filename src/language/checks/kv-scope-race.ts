import { Fields } from '../model/fields.ts';
import type { ParsedBody } from '../model/parsed-body.ts';
import type { Check } from './check.ts';
import { writtenKeys } from './state-access.ts';

/** Triggers that start a run whenever somebody calls: two runs can overlap. A `cron` starts one at a time. */
const CONCURRENT_TRIGGERS: ReadonlySet<string> = new Set(['http', 'webhook', 'queue', 'email']);

/**
 * KV has no compare-and-swap: of two runs with one scope the last one to write wins (LANGUAGE §4.6). Nothing is said when the scope's key depends on what starts the run
 * (`input`, `trigger`) or on the run itself: then two runs of one scope are an exception that the author has thought of.
 */
export const kvScopeRace: Check = {
  codes: ['kv-scope-race'],
  check(body, findings) {
    const { state, triggers } = body.model;
    if (state.backend !== 'kv' || state.backendSpan === undefined || !writesState(body) || hasOwnScope(body)) return;
    const types = triggers.flatMap((trigger) => new Fields(trigger).text('type') ?? []).filter((type) => CONCURRENT_TRIGGERS.has(type));
    const [type] = types;
    if (type === undefined) return;
    findings.report(
      'kv-scope-race',
      state.backendSpan,
      `two runs that the \`${type}\` trigger starts can share one state, and KV keeps only what the last one writes`,
      {
        help: 'use `backend: d1` or `durable-object`, which join their changes, or give each its own scope: `key: order-${input.id}`',
      },
    );
  },
};

function writesState({ agents, stepValues }: ParsedBody): boolean {
  const byFlow = [...stepValues.keys()].some((step) => step.type === 'run' && (step.state?.set?.type ?? 'none') !== 'none');
  return (
    byFlow ||
    agents.some((agent) => writtenKeys(agent).length > 0 || (agent.code?.type === 'inline' && agent.code.body.stateWrites.length > 0))
  );
}

function hasOwnScope({ stateKey }: ParsedBody): boolean {
  return (stateKey?.reads ?? []).some(
    ({ name, path }) => name === 'input' || name === 'trigger' || (name === 'run' && path[0] !== 'ensemble'),
  );
}
