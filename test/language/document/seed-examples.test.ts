import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseDocument } from '../../../src/language/document/parse-document.ts';
import { toJson } from '../../../src/language/document/to-json.ts';
import { checkShape } from '../../../src/language/schema/check-shape.ts';
import type { JsonValue } from '../../../src/program/json.ts';

/** Examples from the field, handed to the project beside its repository; where they are absent these tests do not run. */
const SEED = new URL('../../../../shared/seed-examples/', import.meta.url);
const isThere = existsSync(SEED);
const yamlIn = (folder: URL) => (isThere ? readdirSync(folder).filter((name) => name.endsWith('.yaml')) : []);
const files = yamlIn(SEED);
const fragments = yamlIn(new URL('fragments/', SEED));

const parse = (name: string, text: string) => {
  const { root, diagnostics } = parseDocument({ path: name, text });
  if (!root) throw new Error(`${name} has no values: ${diagnostics.map(({ message }) => message).join(', ')}`);
  return { root, diagnostics, value: toJson(root) as { readonly [key: string]: JsonValue } };
};
const readSeed = (name: string) => parse(name, readFileSync(new URL(name, SEED), 'utf8'));

describe.runIf(isThere)('the examples from the field', () => {
  test.each(files)('%s parses as printed and has a sound shape', (name) => {
    const { root, diagnostics } = readSeed(name);
    expect(diagnostics.filter(({ code }) => code !== 'text-repair')).toEqual([]);
    expect(checkShape(root, name.includes('agent-stateful') ? 'agent' : 'ensemble')).toEqual([]);
  });

  test.each(fragments)('fragments/%s parses, and lacks no more than a name', (name) => {
    const { root, diagnostics } = readSeed(`fragments/${name}`);
    expect(diagnostics.filter(({ code }) => code !== 'text-repair')).toEqual([]);
    expect(
      checkShape(root, 'ensemble').filter(({ code, message }) => !(code === 'missing-key' && /`ensemble` or `name`/.test(message))),
    ).toEqual([]);
  });

  test('code and prompts come back character for character', () => {
    const config = (name: string, index: number) =>
      JSON.stringify(((readSeed(name).value.agents as JsonValue[])[index] as { config: JsonValue }).config);
    expect(config('03-resilient-pipeline.yaml', 1)).toContain("error: '${step1.error}'");
    expect(config('04-contextual-conversation.yaml', 1)).toContain(
      "${state.conversation_history.map(m => `${m.role}: ${m.content}`).join('\\\\n')}",
    );
    expect(config('05-stateful-workflow-kv.yaml', 1)).toContain('data: { ...${state.data}, updated: Date.now() }');
  });

  test('08 is the one that needs its text repaired', () => {
    const repaired = files.filter((name) => readSeed(name).diagnostics.some(({ code }) => code === 'text-repair'));
    expect(repaired).toEqual(['08-agent-stateful-agent.yaml']);
    const [step] = readSeed('08-agent-stateful-agent.yaml').value.operations as readonly [{ config: JsonValue }];
    expect(step.config).toEqual({ code: 'return { count: (${state.internal_counter} || 0) + 1 };' });
  });
});
