import { compile } from '../../../../src/language/compile.ts';
import { parseExpression } from '../../../../src/language/expression/parse-expression.ts';
import type { Dialect } from '../../../../src/language/expression/scan.ts';
import type { Expression } from '../../../../src/program/expression.ts';
import type { Program } from '../../../../src/program/program.ts';
import { ATTACK, ATTACK_ON_INCOMING, type Attack, probed, type Target } from './attack-run.ts';
import { ATTACKS } from './attacks.ts';
import { projectOf } from './project-of.ts';
import { MARK, markedWorld } from './world.ts';

/** A place of a target: the number of its probe, and where in the program it is. */
export interface AttackedPlace {
  readonly number: number;
  readonly path: string;
  readonly isReducer: boolean;
}

/** The programs of the world, with the places of each. */
export function buildTargets(): readonly (Target & { readonly places: readonly AttackedPlace[] })[] {
  const world = markedWorld();
  const project = projectOf(world);
  const texts = { world: world.main, ...world.ensembles };
  return Object.entries(texts).map(([name, text]) => {
    const { program, diagnostics } = compile({ path: `${name}.yaml`, text }, project);
    if (program === undefined) throw new Error(diagnostics.map(({ message, span }) => `${span.file}:${span.line}: ${message}`).join('\n'));
    return { name, ...markPlaces(program) };
  });
}

/** All that the program is made of, with what stands at its places left open. */
function markPlaces(program: Program): { readonly json: string; readonly places: readonly AttackedPlace[] } {
  const places: AttackedPlace[] = [];
  const copy = JSON.parse(JSON.stringify(program));
  for (const { path, hole } of holesIn(copy)) {
    if (!hole.source.endsWith(`.${MARK}}`)) continue;
    const isReducer = hole.source.startsWith('${incoming.');
    const number = places.length;
    places.push({ number, path, isReducer });
    Object.assign(hole, JSON.parse(`{"expression":${isReducer ? ATTACK_ON_INCOMING : probed(number, ATTACK)}}`));
  }
  return { json: JSON.stringify(copy), places };
}

interface FoundHole {
  readonly path: string;
  readonly hole: { readonly source: string };
}

/** Where expressions stand in a program, whatever stands there. */
export function holesIn(value: unknown, path = ''): readonly FoundHole[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('type' in value && value.type === 'hole') return [{ path, hole: value as unknown as FoundHole['hole'] }];
  return Object.entries(value).flatMap(([key, inner]) => holesIn(inner, path === '' ? key : `${path}.${key}`));
}

/** The attacks that the compiler lets through, of both dialects. */
export function compiledAttacks(): readonly Attack[] {
  return ATTACKS.flatMap(({ dialect, attacks }) =>
    attacks.flatMap((text) => {
      const expression = parse(text, dialect);
      const onIncoming = expression && (JSON.parse(JSON.stringify(expression, readIncoming)) as Expression);
      return expression === undefined || onIncoming === undefined ? [] : [{ text, expression, onIncoming }];
    }),
  );
}

function readIncoming(_: string, value: unknown): unknown {
  const isInput = typeof value === 'object' && value !== null && 'type' in value && value.type === 'root';
  return isInput ? { type: 'parameter', name: 'incoming' } : value;
}

const span = (start: number, end: number) => ({ file: '', start, end, line: 1, column: 1, endLine: 1, endColumn: 1 });

function parse(text: string, dialect: Dialect): Expression | undefined {
  const { expression, problems } = parseExpression(text, dialect, { names: { agents: new Set() }, places: span });
  return problems.length > 0 ? undefined : expression;
}
