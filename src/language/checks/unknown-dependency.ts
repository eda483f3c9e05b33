import { suggest } from '../../program/suggest.ts';
import type { Word } from '../model/fields.ts';
import type { ParsedBody } from '../model/parsed-body.ts';
import { agentAt, type Place, runningPlaces } from '../model/step-places.ts';
import type { Check } from './check.ts';
import { describeStep } from './flow/describe-step.ts';
import { orderOf } from './flow/step-order.ts';

/** What `depends_on` names must be able to run before: the agent would wait for ever (LANGUAGE §6.3). */
export const unknownDependency: Check = {
  codes: ['unknown-dependency'],
  check(body, findings) {
    const places = runningPlaces(body.model);
    const targets = firstByName(places);
    for (const place of places) {
      for (const word of dependenciesAt(place)) {
        const wrong = describe(word.text, place, targets, body);
        if (wrong !== undefined) {
          const message = `${describeStep(place.step)} depends on "${word.text}", ${wrong.why}`;
          findings.report('unknown-dependency', word.span, message, { help: wrong.help });
        }
      }
    }
  },
};

/** By the names of results, and by the agents' own where the flow runs them under an `id`. */
function firstByName(places: readonly Place[]): ReadonlyMap<string, Place> {
  const first = new Map<string, Place>();
  for (const name of [(place: Place) => place.step.name, (place: Place) => agentAt(place)?.name]) {
    for (const place of places) {
      const text = name(place)?.text;
      if (text !== undefined && !first.has(text)) first.set(text, place);
    }
  }
  return first;
}

/** An entry of `flow:` waits for what it names itself, and for what its agent names. */
function dependenciesAt(place: Place): readonly Word[] {
  const { step } = place;
  return [...(step.type === 'run' ? step.dependsOn : []), ...(agentAt(place)?.dependsOn ?? [])];
}

function describe(
  name: string,
  place: Place,
  targets: ReadonlyMap<string, Place>,
  body: ParsedBody,
): { readonly why: string; readonly help: string } | undefined {
  const target = targets.get(name);
  if (target === undefined) {
    if (body.model.agents.some((agent) => agent.name.text === name)) {
      return { why: 'which `flow` never runs', help: `add \`- agent: ${name}\` to the flow, before it` };
    }
    const near = suggest(name, targets.keys());
    return {
      why: 'which does not exist',
      help: near === undefined ? 'name agents or steps that stand before it' : `did you mean "${near}"?`,
    };
  }
  const { type: order } = orderOf(place, 'work', target, body);
  if (order === 'own') return { why: target === place ? 'which is itself' : 'inside of which it stands', help: 'take it out' };
  if (order === 'later') return { why: 'which runs after it', help: `move "${name}" before it` };
  if (order === 'inside') return { why: 'which runs inside of it', help: 'take it out' };
  if (order === 'undoing') return { why: 'which runs only when the run has failed or was cancelled', help: 'take it out' };
  return undefined;
}
