import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parseDocument } from '../../../src/language/document/parse-document.ts';
import { toJson } from '../../../src/language/document/to-json.ts';
import { parseSettings } from '../../../src/language/settings/parse-settings.ts';
import { RULES, type Rule } from '../../../src/program/rules.ts';
import { fc } from '../../support/fast-check.ts';
import { listFences } from '../../support/markdown.ts';

const parse = (text: string) => parseSettings({ path: 'ensemble.config.yaml', text });
const problems = (text: string) =>
  parse(text).diagnostics.map(({ span, code, message }) => `${span.line}:${span.column} ${code}: ${message}`);

describe('the settings of a project', () => {
  test('are rules, paths, what to exclude and variables', () => {
    const { settings, diagnostics } = parse(
      'rules:\n  text-repair: off\n  constant-condition: error\n  unknown-name: error\npaths: [flows]\nexclude: ["**/drafts/**"]\nenv: [TOKEN]\nengine: workflows\n',
    );
    expect(diagnostics).toEqual([]);
    expect([...settings.rules]).toEqual([
      ['text-repair', 'off'],
      ['constant-condition', 'error'],
      ['unknown-name', 'error'],
    ]);
    expect(settings).toMatchObject({ paths: ['flows'], exclude: ['**/drafts/**'], env: ['TOKEN'], engine: 'workflows' });
  });

  test('of an empty file are the usual ones', () => {
    expect(parse('')).toEqual(parse('# nothing yet\n'));
    expect(parse('')).toMatchObject({ diagnostics: [], settings: { exclude: [], env: [] } });
    expect(parse('paths: []\n').settings).not.toHaveProperty('paths');
  });

  test('take every optional rule, and refuse to lower the others', () => {
    const rules = Object.entries<Rule>(RULES);
    const optional = rules.filter(([, { optional }]) => optional).map(([name]) => name);
    const required = rules.filter(([, { optional }]) => !optional).map(([name]) => name);
    expect(problems(`rules:\n${optional.map((name) => `  ${name}: off\n`).join('')}`)).toEqual([]);
    expect(problems(`rules:\n${required.map((name) => `  ${name}: error\n`).join('')}`)).toEqual([]);
    expect(parse(`rules:\n${required.map((name) => `  ${name}: warn\n`).join('')}`).diagnostics.map(({ code }) => code)).toEqual(
      required.map(() => 'required-rule'),
    );
  });

  test('a mistake says what was meant', () => {
    const { diagnostics } = parse('rules:\n  text-repar: off\n  text-repair: warning\nexlude: []\n');
    expect(diagnostics.map(({ code, help }) => [code, help])).toEqual([
      ['unknown-rule', 'did you mean "text-repair"? `ensemble explain` lists all rules'],
      ['bad-value', 'did you mean "warn"?'],
      ['unknown-key', 'did you mean "exclude"? expected one of rules, paths, exclude, env, engine'],
    ]);
  });

  test('whatever the text, they end in settings and findings', () => {
    const words = fc.constantFrom(
      'rules:',
      '\n  ',
      'text-repair',
      ': ',
      'off',
      'paths',
      '- ',
      '[',
      ']',
      '"',
      '__proto__',
      '&a',
      '*a',
      '1',
      'null',
      '\t',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), (parts) => {
        const { settings } = parse(parts.join(''));
        expect([...settings.rules.keys()].every((rule) => rule in RULES)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('that the page shows are right', () => {
    const page = readFileSync(new URL('../../../docs/validate.md', import.meta.url), 'utf8');
    const shown = listFences(page).filter(({ info }) => info === 'yaml settings');
    expect(shown.length).toBeGreaterThan(0);
    for (const { text } of shown) expect(problems(text)).toEqual([]);
  });
});

describe('schemas/config.schema.json', () => {
  const schema = JSON.parse(readFileSync(new URL('../../../schemas/config.schema.json', import.meta.url), 'utf8'));

  test('takes what the settings take', () => {
    const validate = new Ajv({ strict: false }).compile(schema);
    const takes = (text: string) => {
      const { root } = parseDocument({ path: 'c.yaml', text });
      return root !== undefined && validate(toJson(root));
    };
    expect(takes('rules: { text-repair: off, constant-condition: warn }\npaths: [a]\nexclude: [b]\nenv: [C]\n')).toBe(true);
    expect(takes('rules: { text-repair: never }\n')).toBe(false);
    expect(takes('excludes: [b]\n')).toBe(false);
  });

  test('offers every optional rule to editors, with what it finds', () => {
    const offered = schema.properties.rules.properties as Record<string, { readonly description: string }>;
    for (const [name, rule] of Object.entries<Rule>(RULES)) {
      expect(offered[name]?.description, name).toBe(rule.optional ? rule.finds : undefined);
    }
  });
});
