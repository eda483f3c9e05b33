import type { FlowRunModel } from '../model/step-model.ts';
import { type Place, runningPlaces } from '../model/step-places.ts';
import type { Check } from './check.ts';
import { areExclusive } from './flow/step-order.ts';

/** More entries under one name than this are only compared with the first ones. */
const MAX_COMPARED = 8;

/** Each run of an agent needs a name for its results (LANGUAGE §6.4), unless of two only one runs. */
export const repeatedFlowAgent: Check = {
  codes: ['repeated-flow-agent'],
  check(body, findings) {
    const byName = new Map<string, (Place & { readonly step: FlowRunModel })[]>();
    for (const place of runningPlaces(body.model)) {
      const { step } = place;
      // Two equal ids, and an id that is an agent's name, are reported as names that are taken.
      if (step.type !== 'run' || step.id !== undefined) continue;
      const name = step.reference.text;
      const before = byName.get(name) ?? [];
      const first = before.slice(0, MAX_COMPARED).find((other) => !areExclusive(place, other));
      if (first !== undefined) {
        findings.report('repeated-flow-agent', step.reference.span, `the flow already runs "${name}", on line ${first.step.span.line}`, {
          help: `give this run a name of its own for its results: \`id: ${name}-2\``,
        });
      }
      byName.set(name, [...before.slice(0, MAX_COMPARED), place as Place & { readonly step: FlowRunModel }]);
    }
  },
};
