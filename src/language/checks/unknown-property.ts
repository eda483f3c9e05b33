import { createSuggester, type Suggest } from '../../program/suggest.ts';
import { hasMethod, methodsOf, receiverOf } from '../types/infer/receiver.ts';
import { operationOfFact } from '../types/operation-types.ts';
import { absenceOf, itemOf } from '../types/property-type.ts';
import { type Member, membersOf, type Type } from '../types/type.ts';
import type { TypedHole } from '../types/typed-values.ts';
import { isNullish } from '../types/union.ts';
import type { Check } from './check.ts';
import { type AbsentRead, absentReads } from './types/absent-reads.ts';
import { describeType } from './types/describe-type.ts';
import { liveNodes } from './types/live-nodes.ts';
import { shownName } from './types/spell-node.ts';

/** A property that no value of the type has reads as undefined, without any failure that would tell (LANGUAGE §3.1). */
export const unknownProperty: Check = {
  codes: ['unknown-property'],
  check(_, findings, { types }) {
    const suggest = createSuggester();
    for (const read of absentReads(types)) {
      if (read.absence !== 'impossible') continue;
      const { object, type, key, span } = read;
      findings.report('unknown-property', span, `${object} is ${describeType(type)} and has no property ${shownName(key)}`, {
        help: helpFor(read, suggest),
      });
    }
    for (const typed of types.holes) {
      for (const { agent, fact, operation, node } of missingFacts(typed)) {
        const span = typed.places?.nameSpanOf(node);
        if (span === undefined) continue;
        findings.report('unknown-property', span, `"${agent}" never has a \`.${fact}\``, {
          help: operation === undefined ? 'only an agent with a `loop` has one' : `only ${operation} agents leave one behind`,
        });
      }
    }
  },
};

function helpFor({ type, key }: AbsentRead, suggest: Suggest): string | undefined {
  const members = type.kind === 'unknown' ? [] : membersOf(type).filter((member) => !isNullish(member));
  const [first] = members;
  if (first === undefined) return undefined;
  if (members.some((member) => hasMethodNamed(member, key))) return `it is a method: call it, \`.${key}(…)\``;
  const names = [...new Set(members.flatMap(namesOf))];
  const near = suggest(key, names);
  if (near !== undefined)
    return `did you mean ${members.some((member) => hasMethodNamed(member, near)) ? `\`.${near}(…)\`` : `"${near}"`}?`;
  if (first.kind === 'list') {
    const shown = /^[A-Za-z_]\w*$/.test(key) && itemsHave(itemOf(first), key) ? key : undefined;
    return shown === undefined
      ? 'of a list there are `.length`, its items (`[0]`) and its methods'
      : `its items have one: \`[0].${shown}\` of the first, \`.map(item => item.${shown})\` of all`;
  }
  if (first.kind !== 'object')
    return `${describeType(first)} has no properties${first.kind === 'string' ? ' but `length`' : ''}, only methods`;
  return names.length === 0 ? 'it has no properties' : `it has ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}`;
}

function itemsHave(items: Type, key: string): boolean {
  return items.kind !== 'never' && absenceOf(items, key) !== 'impossible';
}

function hasMethodNamed(member: Member, name: string): boolean {
  const receiver = receiverOf(member);
  return receiver !== undefined && hasMethod(receiver, name);
}

/** What can be read of it, or called on it. */
function namesOf(member: Member): readonly string[] {
  if (member.kind === 'object') return [...member.properties.keys()];
  const receiver = receiverOf(member);
  return receiver === undefined ? [] : [...(receiver === 'string' || receiver === 'list' ? ['length'] : []), ...methodsOf(receiver)];
}

interface MissingFact {
  readonly agent: string;
  readonly fact: string;
  /** The operation whose agents have it; undefined for `outputs`. */
  readonly operation: string | undefined;
  readonly node: Parameters<NonNullable<TypedHole['places']>['nameSpanOf']>[0];
}

/** Reads of what only agents of other operations leave behind. */
function missingFacts(typed: TypedHole): readonly MissingFact[] {
  return liveNodes(typed).flatMap((node) => {
    if (node.type !== 'member' || node.object.type !== 'agent') return [];
    const operation = operationOfFact(node.property);
    if (operation === undefined && node.property !== 'outputs') return [];
    return typed.typed.typeOf(node).kind === 'undefined' ? [{ agent: node.object.name, fact: node.property, operation, node }] : [];
  });
}
