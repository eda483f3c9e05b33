import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findExpressions } from '../../../src/language/expression/scan.ts';
import { WORKER_COMPATIBILITY } from '../../../src/program/host-protocol.ts';
import { failureOf, problemsOf, render, templateOf } from '../../runtime/expression/evaluate.ts';
import { bundleWorker } from '../../worker/support/bundle-worker.ts';
import type { Outcome } from './fixtures/attacked-worker.ts';
import { ATTACKS } from './support/attacks.ts';
import { HOSTILE_INPUT } from './support/hostile-input.ts';

let miniflare: Miniflare;
beforeAll(async () => {
  miniflare = new Miniflare({
    modules: true,
    script: await bundleWorker('../security/expressions/fixtures/attacked-worker.ts'),
    compatibilityDate: WORKER_COMPATIBILITY.date,
  });
});
afterAll(() => miniflare?.dispose());

const attacks = ATTACKS.flatMap(({ dialect, attacks: texts }) =>
  texts.filter((text) => problemsOf(text, [], dialect).length === 0).map((text) => (dialect === 'js' ? `\${${text}}` : `$<${text}>`)),
).filter(isOneExpression);

/** An attack that closes its own delimiters is two texts, neither of which need be an expression. */
function isOneExpression(text: string): boolean {
  const [mark, ...further] = findExpressions(text);
  return mark?.end === text.length && further.length === 0;
}

test('each attack that compiles ends in workerd as it does in Node, and leaves nothing behind', async () => {
  const response = await miniflare.dispatchFetch('http://host/', {
    method: 'POST',
    body: JSON.stringify({ input: HOSTILE_INPUT, templates: attacks.map((text) => templateOf(text)) }),
  });
  const { outcomes, left } = (await response.json()) as { readonly outcomes: readonly Outcome[]; readonly left: readonly string[] };
  expect(left).toEqual([]);
  expect(Object.fromEntries(attacks.map((text, index) => [text, outcomes[index]]))).toEqual(
    Object.fromEntries(attacks.map((text) => [text, inNode(text)])),
  );
  expect(attacks.length).toBeGreaterThan(100);
});

function inNode(text: string): Outcome {
  try {
    const value = render(text, { input: HOSTILE_INPUT });
    return value === undefined ? {} : { value: JSON.parse(JSON.stringify(value)) };
  } catch (error) {
    return {
      code: failureOf(() => {
        throw error;
      }).code,
    };
  }
}
