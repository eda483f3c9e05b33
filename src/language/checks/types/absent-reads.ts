import type { Span } from '../../../program/diagnostic.ts';
import { codeReads, type ParsedAgent } from '../../model/parsed-body.ts';
import type { Read } from '../../model/read.ts';
import type { BodyTypes } from '../../types/body-types.ts';
import { jexlSubject } from '../../types/infer/access.ts';
import { type Absence, absenceOf, propertyOf } from '../../types/property-type.ts';
import { membersOf, type Type } from '../../types/type.ts';
import type { TypedHole } from '../../types/typed-values.ts';
import { liveNodes } from './live-nodes.ts';
import { spellNode } from './spell-node.ts';

/** A read of a property that the value does not have, or that nobody declared. */
export interface AbsentRead {
  readonly absence: Absence;
  /** How the value is written, for messages. */
  readonly object: string;
  readonly type: Type;
  readonly key: string;
  readonly span: Span;
}

const known = new WeakMap<BodyTypes, readonly AbsentRead[]>();

/** Every such read in the expressions and the JavaScript of a body. */
export function absentReads(types: BodyTypes): readonly AbsentRead[] {
  const reads = known.get(types) ?? [
    ...types.holes.flatMap(readsOfHole),
    ...types.body.agents.flatMap((agent) => readsOfCode(agent, types)),
  ];
  known.set(types, reads);
  return reads;
}

function readsOfHole(typed: TypedHole): readonly AbsentRead[] {
  const found: AbsentRead[] = [];
  for (const node of liveNodes(typed)) {
    if (node.type !== 'member' && node.type !== 'jexlMember') continue;
    const key = node.type === 'member' ? node.property : node.property.type === 'literal' ? String(node.property.value) : undefined;
    if (key === undefined) continue;
    const object = typed.typed.typeOf(node.object);
    const type = node.type === 'member' ? object : jexlSubject(object);
    const absence = absenceOf(type, key);
    const span = typed.places?.nameSpanOf(node) ?? typed.places?.spanOf(node);
    if (absence !== undefined && span !== undefined) found.push({ absence, object: spellNode(node.object), type, key, span });
  }
  return found;
}

/** What the JavaScript of a code body reads beside its holes: there only objects are looked at, for the rest has JavaScript's own properties. */
function readsOfCode(agent: ParsedAgent, types: BodyTypes): readonly AbsentRead[] {
  if (agent.code?.type !== 'inline') return [];
  const inHoles = new Set(agent.code.body.expressions.flatMap(({ reads }) => reads));
  const environment = types.workEnvironment(agent);
  return codeReads(agent).flatMap((read) => {
    if (inHoles.has(read)) return [];
    const type =
      read.kind === 'agent' ? environment.agent(read.name) : environment.root(read.name as Parameters<typeof environment.root>[0]);
    return absentInPath(read, type);
  });
}

function absentInPath({ name, path, span }: Read, root: Type): readonly AbsentRead[] {
  let type = root;
  for (const [depth, key] of path.entries()) {
    if (type.kind === 'unknown' || key in Object.prototype || membersOf(type).some(({ kind }) => kind !== 'object' && kind !== 'undefined'))
      return [];
    const absence = absenceOf(type, key);
    if (absence !== undefined) return [{ absence, object: `\`${[name, ...path.slice(0, depth)].join('.')}\``, type, key, span }];
    type = propertyOf(type, key);
  }
  return [];
}
