import { parseExpression } from '../../language/expression/parse-expression.ts';
import type { Dialect } from '../../language/expression/scan.ts';
import type { Environment } from '../../language/types/environment.ts';
import { inferType } from '../../language/types/infer/infer.ts';
import { type Type, UNKNOWN } from '../../language/types/type.ts';
import type { Span } from '../../program/diagnostic.ts';
import type { Expression } from '../../program/expression.ts';
import type { Cursor } from '../cursor/cursor.ts';
import { tokenize } from '../cursor/expression-tokens.ts';
import { declaredEnvironmentAt, environmentAt } from './environment-at.ts';

/** Stands for the member that is being written. */
const MEMBER = 'member__here';

/** The type of the value in front of the dot at the cursor; `unknown` when nothing is known, or no dot is there. */
export function typeBeforeDot(cursor: Cursor): Type {
  const { expression } = cursor;
  if (expression?.chain.role !== 'member') return UNKNOWN;
  const { place, chain } = expression;
  const names = new Set(cursor.agents.map(({ name }) => name));
  const start = chain.token?.start ?? place.at;
  const head = place.source.slice(0, start);
  const tail = place.source.slice(chain.token?.end ?? place.at);
  const { closers } = tokenize(head, (name) => names.has(name));
  // Jexl's `[.price > 10]` reads the element without naming it.
  const object = chain.object === undefined ? '' : place.source.slice(chain.object.start, chain.object.end);
  // As it stands; broken off at the cursor; the value alone, which knows no parameters.
  for (const source of [`${head}${MEMBER}${tail}`, `${head}${MEMBER}${closers}`, `${object}.${MEMBER}`]) {
    if (place.dialect === 'code' && source !== `${object}.${MEMBER}`) continue;
    const { expression: tree } = parse(source, place.dialect, names);
    const member = findNode(tree, isMemberHere);
    if (member !== undefined && 'object' in member) return typeIn(tree, member.object, environmentAt(cursor));
  }
  return UNKNOWN;
}

/** The declared type of the name at the cursor, with what it is read from; `unknown` when nothing is known. */
export function typeOfName(cursor: Cursor): Type {
  const { expression } = cursor;
  const token = expression?.chain.token;
  if (expression === undefined || token === undefined) return UNKNOWN;
  const { place, chain } = expression;
  const names = new Set(cursor.agents.map(({ name }) => name));
  const alone = place.source.slice(chain.object?.start ?? token.start, token.end);
  const shift = chain.object?.start ?? token.start;
  for (const [source, offset] of [[place.source, 0] as const, [alone, shift] as const]) {
    if (place.dialect === 'code' && offset === 0 && source !== alone) continue;
    const { expression: tree, places } = parse(source, place.dialect, names);
    const node = findNode(tree, (each) => {
      const span = isNamed(each) ? places.nameSpanOf(each) : NAMES.has(each.type) ? places.spanOf(each) : undefined;
      return span?.start === token.start - offset && span.end === token.end - offset;
    });
    if (node !== undefined) return typeIn(tree, node, declaredEnvironmentAt(cursor));
  }
  return UNKNOWN;
}

const NAMES: ReadonlySet<string> = new Set(['root', 'agent', 'parameter', 'constant']);
const isNamed = ({ type }: Expression): boolean => type === 'member' || type === 'jexlMember' || type === 'call';

function isMemberHere(node: Expression): boolean {
  if (node.type === 'member') return node.property === MEMBER;
  if (node.type === 'call') return node.method === MEMBER;
  return node.type === 'jexlMember' && node.property.type === 'literal' && node.property.value === MEMBER;
}

function parse(source: string, dialect: Dialect | 'code', agents: ReadonlySet<string>): ReturnType<typeof parseExpression> {
  const places = (start: number, end: number): Span => ({ file: '', start, end, line: 1, column: 1, endLine: 1, endColumn: 1 });
  return parseExpression(source, dialect === 'code' ? 'js' : dialect, { names: { agents }, places });
}

function typeIn(tree: Expression, node: Expression, environment: Environment | undefined): Type {
  return environment === undefined ? UNKNOWN : inferType(tree, environment).typeOf(node);
}

/** The first node of a tree that fits, the outermost first. The tree is plain data of bounded depth. */
function findNode(value: unknown, fits: (node: Expression) => boolean): Expression | undefined {
  if (Array.isArray(value)) {
    for (const item of value) {
      const found = findNode(item, fits);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if ('type' in value && fits(value as Expression)) return value as Expression;
  return findNode(Object.values(value), fits);
}
