import type { Span } from '../../program/diagnostic.ts';
import type { StateKeyModel } from '../model/body-model.ts';
import type { ParsedAgent } from '../model/parsed-body.ts';
import { isAssignable } from '../types/assignable.ts';
import type { BodyTypes } from '../types/body-types.ts';
import { itemOf, propertyOf } from '../types/property-type.ts';
import { typeOfSchema } from '../types/schema-type.ts';
import { typeOfValue } from '../types/template-type.ts';
import { membersOf, NUMBER, STRING, type Type } from '../types/type.ts';
import { filterMembers, unionOf, withoutUndefined } from '../types/union.ts';
import type { Check } from './check.ts';
import { describeExactly } from './types/describe-type.ts';

/** A value that does not satisfy the schema of its key fails the agent, when its work is already done (LANGUAGE §4.3). */
export const stateSetType: Check = {
  codes: ['state-set-type'],
  check(body, findings, { types }) {
    const { schema } = body.model.state;
    if (schema === undefined) return;
    const report = (write: Write): void => {
      const key = schema.get(write.key);
      const wanted = key && refusedBy(key, write.type);
      if (wanted === undefined) return;
      const reducer =
        key === undefined || key.reducer === 'replace' || typeof key.reducer !== 'string' ? '' : ` by the reducer \`${key.reducer}\``;
      findings.report(
        'state-set-type',
        write.span,
        `the state key "${write.key}" is set to ${describeExactly(withoutUndefined(write.type))}`,
        {
          help: `its schema takes ${describeExactly(wanted)}${reducer}`,
        },
      );
    };
    for (const { part, key, value, environment, agent } of types.values) {
      if (part !== 'set' || key === undefined) continue;
      // What code hands to `setState` wins over the expression of the same key.
      if (agent !== undefined && callsSetState(agent)) continue;
      report({ key: key.text, type: typeOfValue(value, environment), span: key.span });
    }
    for (const agent of body.agents) for (const write of sameNamedWrites(agent, types)) report(write);
  },
};

interface Write {
  readonly key: string;
  readonly type: Type;
  readonly span: Span;
}

function callsSetState({ code }: ParsedAgent): boolean {
  return code?.type === 'script' || (code?.type === 'inline' && code.body.stateWrites.length > 0);
}

/** `set: [key]` takes the field of that name from the output. */
function sameNamedWrites(agent: ParsedAgent, types: BodyTypes): readonly Write[] {
  const { set, loop } = agent.model;
  if (set.type !== 'same' || loop !== undefined || callsSetState(agent)) return [];
  const output = types.outputOf(agent.model);
  return output.kind === 'object' ? set.keys.map(({ text, span }) => ({ key: text, type: propertyOf(output, text), span })) : [];
}

/** What the key takes instead; undefined when some value of the type may be right. An undefined value leaves the key as it was. */
function refusedBy(key: StateKeyModel, written: Type): Type | undefined {
  const value = withoutUndefined(written);
  if (value.kind === 'unknown' || value.kind === 'never') return undefined;
  const declared = typeOfSchema(key.schema);
  const wanted = wantedBy(key.reducer, declared);
  // A reducer that cannot work on the declared type is another rule's.
  if (wanted === undefined || wanted.kind === 'never') return undefined;
  return isAssignable(value, wanted) === 'no' ? wanted : undefined;
}

/** What can be joined to a value of the declared type so that the result is one too (src/runtime/state/reducers.ts). */
function wantedBy(reducer: StateKeyModel['reducer'], declared: Type): Type | undefined {
  // What the author's own makes of a value is not looked at.
  if (typeof reducer !== 'string') return undefined;
  if (declared.kind === 'unknown')
    return reducer === 'add' ? NUMBER : reducer === 'min' || reducer === 'max' ? unionOf([NUMBER, STRING]) : undefined;
  switch (reducer) {
    case 'replace':
      return declared;
    case 'append':
    case 'union': {
      // A list and each of its items; whether the declared type is one at all is another rule's.
      const lists = membersOf(declared).filter((member) => member.kind === 'list');
      return lists.length === 0 ? undefined : unionOf([...lists, ...lists.map(itemOf)]);
    }
    case 'add':
      return NUMBER;
    case 'min':
    case 'max':
      return filterMembers(declared, ({ kind }) => kind === 'number' || kind === 'string');
    case 'merge':
      return fieldsOf(declared);
    default:
      return reducer satisfies never;
  }
}

/** Objects with some of the fields: what is merged need not have them all. */
function fieldsOf(declared: Exclude<Type, { readonly kind: 'unknown' }>): Type {
  return unionOf(
    membersOf(declared).flatMap((member) =>
      member.kind === 'object'
        ? [
            {
              ...member,
              properties: new Map([...member.properties].map(([key, property]) => [key, { ...property, optional: true }] as const)),
            },
          ]
        : [],
    ),
  );
}
