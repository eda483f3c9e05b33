import { readdirSync, readFileSync } from 'node:fs';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WORKER_COMPATIBILITY } from '../../../src/program/host-protocol.ts';
import { bundleWorker } from '../../worker/support/bundle-worker.ts';
import type { Asked } from './fixtures/attacked-engine.ts';
import { type Attack, type AttackedRuns, runAttack } from './support/attack-run.ts';
import { HOSTILE_INPUT } from './support/hostile-input.ts';
import { buildTargets, compiledAttacks } from './support/targets.ts';

const targets = buildTargets();
const attacks = compiledAttacks();

let miniflare: Miniflare;
let inNode: readonly AttackedRuns[];
let inWorkerd: readonly AttackedRuns[];
beforeAll(async () => {
  miniflare = new Miniflare({
    modules: true,
    script: await bundleWorker('../security/expressions/fixtures/attacked-engine.ts'),
    compatibilityDate: WORKER_COMPATIBILITY.date,
  });
  [inNode, inWorkerd] = await Promise.all([attackInNode(attacks), attackInWorkerd(attacks)]);
});
afterAll(() => miniflare?.dispose());

async function attackInNode(some: readonly Attack[]): Promise<readonly AttackedRuns[]> {
  const outcomes: AttackedRuns[] = [];
  for (const attack of some) outcomes.push(await runAttack(targets, attack, HOSTILE_INPUT));
  return outcomes;
}

async function attackInWorkerd(some: readonly Attack[]): Promise<readonly AttackedRuns[]> {
  const asked: Asked = { targets, attacks: some, input: HOSTILE_INPUT };
  const response = await miniflare.dispatchFetch('http://host/', { method: 'POST', body: JSON.stringify(asked) });
  return (await response.json()) as readonly AttackedRuns[];
}

/** The pairs of an attack and a place at which it was not evaluated. */
function findUnreached(outcomes: readonly AttackedRuns[]): readonly string[] {
  return targets.flatMap(({ name, places }, of) =>
    places.flatMap(({ number, path, isReducer }) =>
      outcomes.flatMap(({ runs }, attack) => {
        const run = runs[of];
        // A reducer reads no variables: what it gave is set, or it failed.
        const isReached = isReducer
          ? /"(?:state\.set|agent\.failed)","agent":"joins"/.test(run?.journal ?? '')
          : run?.reached.includes(number);
        return isReached ? [] : [`${attacks[attack]?.text} at ${path} of ${name}`];
      }),
    ),
  );
}

describe('every attack that compiles, at every place where an expression may stand', () => {
  test.each([
    ['Node', () => inNode],
    ['workerd', () => inWorkerd],
  ])('is evaluated in %s, ends in data or in a failure with a code, and leaves nothing behind', (_, outcomes) => {
    expect(outcomes().length).toBe(attacks.length);
    expect(findUnreached(outcomes())).toEqual([]);
    expect(outcomes().flatMap(({ harm }, index) => harm.map((one) => `${attacks[index]?.text}: ${one}`))).toEqual([]);
    expect([attacks.length > 150, targets.flatMap(({ places }) => places).length > 70]).toEqual([true, true]);
  });

  test('ends in workerd as it does in Node', () => {
    const differing = attacks.flatMap(({ text }, index) =>
      targets.flatMap(({ name }, of) =>
        inNode[index]?.runs[of]?.journal === inWorkerd[index]?.runs[of]?.journal ? [] : [`${text} in ${name}`],
      ),
    );
    expect(differing).toEqual([]);
  });
});

describe('what these tests look for', () => {
  const attackWith = (expression: Attack['expression']): Attack => ({ text: 'x', expression, onIncoming: expression });

  test('is found: each place gives what stands there', async () => {
    const [outcome] = await attackInNode([attackWith({ type: 'literal', value: 'what stood there' })]);
    const seen = outcome?.runs.map(({ journal }) => journal.split('what stood there').length - 1) ?? [];
    const unseen = targets.filter(({ places }, of) => (seen[of] ?? 0) < places.length).map(({ name }) => name);
    // Whether a response is given is decided, not told.
    expect(unseen).toEqual(['when']);
  });

  test('is missed where a place is not evaluated', () => {
    const [first] = inNode;
    const cut = { harm: [], runs: first?.runs.map((run) => ({ journal: '', reached: run.reached.slice(1) })) ?? [] };
    expect(findUnreached([cut]).length).toBeGreaterThanOrEqual(targets.length);
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
  const seen = new Set(targets.flatMap(({ places }) => places.flatMap(({ path }) => path.split('.'))));
  expect(declared.length).toBeGreaterThan(15);
  expect(declared.filter((name) => !seen.has(name) && name !== 'reducer' && name !== 'fields')).toEqual([]);
});
