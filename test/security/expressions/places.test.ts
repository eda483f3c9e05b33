import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Expression } from '../../../src/program/expression.ts';
import type { JsonObject, JsonValue } from '../../../src/program/json.ts';
import type { Program } from '../../../src/program/program.ts';
import { programOf } from '../../runtime/engine/support/program-of.ts';
import { runToEnd } from '../../runtime/engine/support/test-run.ts';
import { problemsOf, templateOf } from '../../runtime/expression/evaluate.ts';
import { ATTACKS } from './support/attacks.ts';
import { describeWorld, findStray } from './support/harm.ts';
import { HOSTILE_INPUT } from './support/hostile-input.ts';
import { writeChild, writeHelper, writeWorld } from './support/world.ts';

const DIALECTS = { js: (expression: string) => `\${${expression}}`, jexl: (expression: string) => `$<${expression}>` } as const;

type Path = readonly (string | number)[];

/** Where holes stand in a program. */
function holesIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('type' in value && value.type === 'hole') return [path];
  return Object.entries(value).flatMap(([key, inner]) => holesIn(inner, [...path, Array.isArray(value) ? Number(key) : key]));
}

function withExpression(program: Program, [...path]: Path, expression: Expression): Program {
  const copy = JSON.parse(JSON.stringify(program));
  const hole = path.reduce((value, key) => value[key], copy);
  Object.assign(hole, { expression });
  return copy;
}

const input: JsonValue = {
  ...(HOSTILE_INPUT as JsonObject),
  ...{ text: 'text', word: 'word', steps: 1_000, duration: '1h', config: { value: 1 }, no: false, fails: false, status: 201 },
};
const run = (program: Program) =>
  runToEnd(program, {
    input,
    env: { NAME: 'name', SECRET: 'a long secret' },
    http: () => ({ output: { ...(HOSTILE_INPUT as JsonObject) } }),
    think: () => ({ output: 'thought' }),
  });

describe.each(['js', 'jexl'] as const)('at every place where an expression in %s may stand', (dialect) => {
  const e = DIALECTS[dialect];
  const program = programOf(writeWorld(e), { helper: writeHelper(e) }, { child: writeChild(e) });
  const places = holesIn(program);
  const world = describeWorld();
  beforeAll(() => Object.assign(globalThis, { canary: 'asleep' }));

  test('what runs without an attack gets as far as there are places', async () => {
    const { finished, events } = await run(program);
    expect(finished).toMatchObject({ status: 'failed', failure: { code: 'ASSERTION' }, agent: 'claim' });
    expect(JSON.stringify(events)).not.toContain('EXPRESSION');
    expect(places.length).toBeGreaterThan(50);
  });

  /** One attack of each class that the compiler lets through and whose value is the most. */
  const attacks = ATTACKS.filter((one) => one.dialect === dialect).flatMap(({ attacks: texts }) =>
    texts.filter((text) => problemsOf(text, [], dialect).length === 0).slice(0, 2),
  );
  test.each(attacks)('%j ends in data or in a failure with a code', async (attack) => {
    const template = templateOf(e(attack));
    if (template.type !== 'hole') return;
    for (const place of places) {
      const { finished, events } = await run(withExpression(program, place, template.expression));
      expect(findStray(events), place.join('.')).toBe(undefined);
      if (finished.status === 'failed')
        expect(finished.failure, place.join('.')).toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/) });
      expect(JSON.stringify(events), place.join('.')).not.toMatch(/"code":"DEFECT"/);
    }
    const { global: _, ...watched } = describeWorld();
    expect(watched).toEqual(Object.fromEntries(Object.entries(world).filter(([name]) => name !== 'global')));
    expect([Reflect.get(globalThis, 'canary'), 'polluted' in {}]).toEqual(['asleep', false]);
  });
});

test('each field of a program that takes expressions is among the places', () => {
  const folder = new URL('../../../src/program/', import.meta.url);
  const sources = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'));
  // What templates themselves are made of is no place.
  const declared = sources
    .filter((text) => !text.includes('export type Template ='))
    .flatMap((text) => [...text.matchAll(/readonly (\w+)\??: (?:readonly )?(?:Template|Limit|Hole|\{[^}\n]*\b(?:Template|Hole)\b)/g)])
    .map(([, name = '']) => name);
  const seen = new Set(
    holesIn(programOf(writeWorld(DIALECTS.js), { helper: writeHelper(DIALECTS.js) }, { child: writeChild(DIALECTS.js) })).flat(),
  );
  expect(declared.length).toBeGreaterThan(15);
  expect(declared.filter((name) => !seen.has(name) && name !== 'reducer' && name !== 'fields')).toEqual([]);
});
