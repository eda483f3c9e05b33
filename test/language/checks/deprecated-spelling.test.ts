import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compile } from '../../../src/language/compile.ts';
import { lint } from '../../../src/language/lint.ts';
import { EMPTY_PROJECT } from '../../../src/language/project-index.ts';
import type { Diagnostic } from '../../../src/program/diagnostic.ts';

const read = (name: string) => readFileSync(new URL(`./fixtures/err/${name}`, import.meta.url), 'utf8');

function oldSpellings(text: string): readonly Diagnostic[] {
  return lint({ path: 'ensembles/example.yaml', text }, EMPTY_PROJECT).filter(({ code }) => code === 'deprecated-spelling');
}

/** From the end, so that each replacement leaves the places of the others alone. */
function applyFixes(text: string, found: readonly Diagnostic[]): string {
  return found.reduceRight((done, { fix }) => (fix === undefined ? done : done.slice(0, fix.start) + fix.text + done.slice(fix.end)), text);
}

test('every old spelling of a key or value is replaced by the current one, and nothing else is touched', () => {
  const fixed = applyFixes(read('deprecated-spelling.yaml'), oldSpellings(read('deprecated-spelling.yaml')));
  expect(oldSpellings(fixed).map(({ fix, message }) => ({ fix, message }))).toEqual([
    { fix: undefined, message: '`fetch.retry_count` is an old spelling' },
  ]);
  expect(fixed).toContain('retry: { maxAttempts: 3, initialDelay: 1s, maxDelay: 5s, retryOn: [409] }');
  expect(fixed).toContain('    onError: continue\n  - name: fetch-again');
  expect(fixed).toContain('    onError: continue\n  - name: strict');
  expect(fixed).toContain('    onError: fail\n');
});

test('the current spellings mean the same', () => {
  const text = `ensemble: example
agents:
  - name: fetch
    operation: http
    when: \${input.url}
    config: { url: "\${input.url}" }
    retry: { attempts: 2, initial_delay: 2s, max_delay: 9s, retry_on: [409] }
    continue_on_error: true
  - { name: ask, operation: think, config: { provider: openai, model: m, prompt: p, maxTokens: 9 }, on_error: continue }
`;
  const path = 'ensembles/example.yaml';
  const before = compile({ path, text }).program?.body.steps;
  const after = compile({ path, text: applyFixes(text, oldSpellings(text)) }).program?.body.steps;
  expect(oldSpellings(text)).toHaveLength(7);
  expect(before).toBeDefined();
  const withoutPlaces = (value: unknown) =>
    JSON.parse(JSON.stringify(value, (key, part) => (key === 'place' || key === 'span' ? undefined : part)));
  expect(withoutPlaces(after)).toEqual(withoutPlaces(before));
});

test('an old spelling beside the current one is left to the rule about conflicting keys', () => {
  const text = 'ensemble: e\nagents:\n  - { name: a, operation: log, config: { message: m }, when: a, condition: b }\n';
  expect(oldSpellings(text)).toEqual([]);
});

test('a `continue_on_error` whose value stands on a line of its own has no fix', () => {
  const text =
    'ensemble: e\nagents:\n  - name: a\n    operation: log\n    config: { message: m }\n    continue_on_error: # why\n      true\n';
  expect(oldSpellings(text).map(({ fix }) => fix)).toEqual([undefined]);
});
