import { describe, expect, test } from 'vitest';
import type { Entry } from '../../../src/editor/completion/entry.ts';
import { complete } from '../../../src/editor/features/completion.ts';
import { cursorIn, type Scene } from '../support/cursor.ts';
import { agent, EXAMPLE } from '../support/example.ts';

const entries = (marked: string, scene?: Scene): readonly Entry[] =>
  complete(cursorIn(marked, scene)).toSorted((a, b) => (a.rank ?? 5) - (b.rank ?? 5));
const labels = (marked: string, scene?: Scene): readonly string[] => entries(marked, scene).map(({ label }) => label);
const output = (expression: string, scene?: Scene): readonly string[] => labels(`${EXAMPLE}output: ${expression}`, scene);

/** The text after an entry was taken. */
function taken(marked: string, label: string, scene?: Scene): string {
  const entry = entries(marked, scene).find((each) => each.label === label);
  if (entry === undefined) throw new Error(`there is no entry ${label}`);
  const text = marked.replace('¦', '');
  return text.slice(0, entry.start) + (entry.text ?? entry.label) + text.slice(entry.end);
}

describe('completion in an expression', () => {
  test('begins with the agents that have run, then the roots', () => {
    expect(output('${¦').slice(0, 7)).toEqual(['count', 'fetch-user', 'input', 'state', 'env', 'run', 'trigger']);
    expect(output('Hello ${in¦} there')).toContain('input');
    expect(output('$<¦>')).toContain('fetch-user');
    expect(output('"quoted ${¦}"')).toContain('fetch-user');
  });

  test('offers an agent to later ones only, and its own result in its `set`', () => {
    expect(labels(agent('operation: transform', 'config: { value: "${¦}" }'))).toEqual(expect.arrayContaining(['count', 'fetch-user']));
    expect(labels(agent('operation: transform', 'config: { value: "${¦}" }'))).not.toContain('last');
    expect(labels(EXAMPLE.replace('${input.user.name}', '${¦}'))).not.toContain('count');
    expect(labels(agent('operation: transform', 'state: { set: { total: "${¦}" } }'))).toContain('last');
  });

  test('offers a reducer what it joins, and nothing of the run', () => {
    const names = labels('ensemble: e\nstate:\n  schema:\n    total: { type: number, reducer: "${¦}" }\nagents: []\n');
    expect(names.slice(0, 2)).toEqual(['current', 'incoming']);
    expect(names).toContain('Math');
    expect(names).not.toContain('input');
    expect(labels('ensemble: e\nstate:\n  schema:\n    total: { type: number, reducer: ¦ }\nagents: []\n')).toEqual(
      expect.arrayContaining(['append', 'union']),
    );
  });

  test('offers `item` in a loop, `error` in a handler, `mapResults` in a reduce', () => {
    expect(output('${¦}')).not.toEqual(expect.arrayContaining(['item']));
    expect(labels(agent('operation: transform', 'loop: { items: "${state.rows}" }', 'config: { value: "${¦}" }'))).toContain('item');
    expect(labels(agent('operation: log', 'onError:', '  - name: x', '    operation: log', '    config: { message: "${¦}" }'))).toContain(
      'error',
    );
    const step = [
      'type: map-reduce',
      'items: ${state.rows}',
      'map: []',
      'reduce:',
      '  - name: x',
      '    operation: log',
      '    config: { message: "${¦}" }',
    ];
    expect(labels(agent(...step))).toContain('mapResults');
  });

  test('offers what an agent leaves behind, but for what only other operations do', () => {
    expect(output('${fetch-user.¦}').slice(0, 2)).toEqual(['output', 'executed']);
    expect(output('${fetch-user.¦}')).toContain('response');
    expect(output('${count.¦}')).not.toContain('response');
    expect(output('${count.¦}')).not.toContain('logs');
  });

  test('offers declared properties, through lists, functions and optional chains', () => {
    expect(output('${input.¦}').slice(0, 2)).toEqual(['user', 'city']);
    expect(output('${input.user?.¦')).toEqual(['name', 'tags']);
    expect(output('${count.output.¦}')).toEqual(['n']);
    expect(output('${state.rows.map(row => row.¦')).toEqual(['id', 'label', 'content-type']);
    expect(output('${state.rows.map(row => row.¦)}')).toEqual(['id', 'label', 'content-type']);
    expect(output('${state.rows.filter(r => r.id > 1)[0].¦')).toEqual(['id', 'label', 'content-type']);
    expect(output('$<state.rows[.¦]>')).toEqual(['id', 'label', 'content-type']);
    expect(output('${run.¦}')).toEqual(['id', 'ensemble', 'started_at', 'attempt']);
  });

  test('puts a property that is no identifier into brackets', () => {
    expect(taken(`${EXAMPLE}output: \${state.rows[0].con¦}`, 'content-type')).toMatch(/\$\{state\.rows\[0\]\["content-type"\]\}$/);
    expect(taken(`${EXAMPLE}output: \${state.rows[0]?.¦}`, 'content-type')).toMatch(/\$\{state\.rows\[0\]\?\.\["content-type"\]\}$/);
  });

  test('offers the methods of the kind of value, with their parentheses', () => {
    expect(output('${input.user.name.¦}')).toEqual(expect.arrayContaining(['length', 'toUpperCase', 'split']));
    expect(output('${input.user.name.¦}')).not.toContain('map');
    expect(output('${input.user.tags.¦}')).toEqual(expect.arrayContaining(['length', 'map', 'filter']));
    expect(output('${state.total.¦}')).toEqual(expect.arrayContaining(['toFixed']));
    expect(output('$<input.user.name.¦>')).toEqual([]);
    const upper = entries(`${EXAMPLE}output: \${input.user.name.¦}`).find(({ label }) => label === 'toUpperCase');
    expect(upper).toMatchObject({ snippet: 'toUpperCase()', detail: 'text.toUpperCase()' });
  });

  test('offers filters behind a pipe, functions of a namespace, variables of the project', () => {
    expect(output('${input.city | ¦}')).toEqual(expect.arrayContaining(['uppercase', 'default']));
    expect(output('${Math.¦}')).toEqual(expect.arrayContaining(['max', 'PI']));
    expect(output('${env.¦}', { project: { variables: () => ['API_KEY'] } })).toEqual(['API_KEY']);
  });

  test('offers what the last run saw where nothing is declared', () => {
    const shapes = { agents: { 'fetch-user': { kind: 'object', properties: { rows: { kind: 'number' } } } as const } };
    expect(output('${fetch-user.output.¦}', { shapes })).toEqual(['rows']);
    expect(output('${fetch-user.output.¦}')).not.toContain('rows');
  });

  test('lists the state keys of `use` first', () => {
    expect(labels(agent('operation: log', 'state: { use: [rows] }', 'config: { message: "${state.¦}" }')).slice(0, 2)).toEqual([
      'rows',
      'total',
    ]);
  });

  test('offers nothing inside of quotes, nor where an operator is due', () => {
    expect(output('${input["¦"]}')).toEqual([]);
    expect(output('${input.city ¦}')).toEqual([]);
    expect(output('${typeof ¦}')).toContain('input');
  });

  test('goes on while the file is no YAML', () => {
    const broken = `${EXAMPLE}output: \${state.rows[0].¦}\nlimits: [\n`;
    expect(labels(broken)).not.toContain('label');
    expect(labels(broken, { before: EXAMPLE })).toEqual(expect.arrayContaining(['id', 'label']));
    expect(labels(`${EXAMPLE}output: { a: [ "\${fetch-user.¦`)).toContain('output');
  });
});

describe('completion in code', () => {
  const body = (code: string) => labels(agent('operation: code', 'config:', '  code: |', `    ${code}`));

  test('offers agents, the roots that it is given, and their properties', () => {
    expect(body('const x = fet¦')).toEqual(expect.arrayContaining(['fetch-user', 'input', 'setState']));
    expect(body('return state.¦')).toEqual(['total', 'rows']);
    expect(body('return `${fetch-user.¦}`')).toContain('output');
    expect(body('return "${inp¦}"')).toContain('input');
  });

  test('says nothing about JavaScript’s own values', () => {
    expect(body('const x = []; return x.¦')).toEqual([]);
    expect(body('¦')).toEqual([]);
  });
});

describe('completion of keys', () => {
  test('offers the keys of the place that are not there yet', () => {
    expect(labels(`${EXAMPLE}¦`)).toEqual(expect.arrayContaining(['output', 'limits', 'flow']));
    expect(labels(`${EXAMPLE}¦`)).not.toEqual(expect.arrayContaining(['state']));
    expect(labels(agent('operation: http', 'config:', '  ¦'))).toEqual(expect.arrayContaining(['url', 'method', 'headers']));
    expect(labels(agent('operation: storage', 'config: { type: kv, ¦ }'))).toEqual(
      expect.arrayContaining(['action', 'key', 'expirationTtl']),
    );
    expect(labels(agent('operation: storage', 'config: { type: kv, ¦ }'))).not.toContain('query');
    expect(labels(agent('retry: { ¦ }'))).toEqual(expect.arrayContaining(['maxAttempts', 'backoff']));
    expect(labels(agent('type: foreach', '¦'))).toEqual(expect.arrayContaining(['items', 'breakWhen']));
    expect(labels('agent: x\n¦', { path: 'agents/x.yaml' })).toEqual(expect.arrayContaining(['operations', 'operation']));
  });

  test('offers no key that one of those there excludes', () => {
    expect(labels(agent('operation: http', '¦'))).not.toContain('agent');
    expect(labels(`${EXAMPLE}¦`)).not.toContain('name');
    expect(labels(`${EXAMPLE}¦`)).not.toContain('inputs');
  });

  test('puts the keys first that must be there, other spellings last', () => {
    expect(labels(agent('operation: http', 'config:', '  ¦'))[0]).toBe('url');
    expect(labels(agent('retry: { ¦ }')).slice(-2)).toEqual(['max_delay', 'retry_on']);
  });

  test('writes a colon, and the next line where the value is a mapping or a list', () => {
    expect(taken(`${EXAMPLE}conc¦`, 'concurrency')).toMatch(/\nconcurrency: $/);
    expect(taken(`${EXAMPLE}conc¦: 1`, 'concurrency')).toMatch(/\nconcurrency: 1$/);
    expect(entries(`${EXAMPLE}¦`).find(({ label }) => label === 'limits')).toMatchObject({ text: 'limits:', snippet: 'limits:\n  $0' });
    expect(entries(agent('state: { ¦ }')).find(({ label }) => label === 'use')).toMatchObject({ text: 'use: ' });
  });

  test('offers state keys where they are set', () => {
    expect(labels(agent('state: { set: { ¦ } }'))).toEqual(['total', 'rows']);
    expect(labels(EXAMPLE.replace('  schema:', '  initial: { ¦ }\n  schema:'))).toEqual(['total', 'rows']);
  });
});

describe('completion of values', () => {
  test('offers the words that the key takes', () => {
    expect(labels(agent('operation: ¦'))).toEqual(expect.arrayContaining(['code', 'http', 'think']));
    expect(entries(agent('operation: ¦')).find(({ label }) => label === 'http')?.doc).toBe('Sends one request.');
    expect(labels(agent('operation: http', 'config: { method: ¦ }'))).toEqual(expect.arrayContaining(['GET', 'POST']));
    expect(labels(agent('operation: code', 'config: { network: ¦ }'))).toEqual(['true', 'false']);
    expect(labels(agent('onError: ¦'))).toEqual(expect.arrayContaining(['fail', 'continue']));
    expect(labels('ensemble: x\nstate:\n  backend: ¦\n')).toEqual(['memory', 'kv', 'd1', 'durable-object']);
    expect(labels('ensemble: x\ninput:\n  a: ¦\n')).toEqual(['string', 'number', 'integer', 'boolean', 'object', 'array', 'any', 'null']);
  });

  test('offers state keys in `use` and `set`, without those that stand there', () => {
    expect(labels(agent('state: { use: [¦] }'))).toEqual(['total', 'rows', 'state']);
    expect(labels(agent('state: { use: [total, ¦] }'))).toEqual(['rows', 'state']);
    expect(labels(agent('state: { set: [¦] }'))).toEqual(['total', 'rows']);
    expect(labels(agent('state:', '  use:', '    - total', '    - ¦'))).toEqual(['rows', 'state']);
    expect(taken(agent('state:', '  use:', '    ¦'), 'rows')).toMatch(/\n {8}- rows\n$/);
  });

  test('offers agent files, ensembles, bindings and earlier agents by name', () => {
    const project = {
      agentNames: () => ['greet', 'sum'],
      ensembleNames: () => ['report'],
      bindings: () => ({ file: 'wrangler.toml', kv: ['CACHE'], d1: ['DB'], r2: ['FILES'] }),
    };
    expect(labels(agent('agent: ¦'), { project })).toEqual(['greet', 'sum']);
    expect(labels(agent('ensemble: ¦'), { project })).toEqual(['report']);
    expect(labels(agent('operation: storage', 'config: { type: kv, binding: ¦ }'), { project })).toEqual(['CACHE']);
    expect(labels(agent('operation: data', 'config: { binding: ¦ }'), { project })).toEqual(['DB']);
    expect(labels(agent('depends_on: [¦]'))).toEqual(['count', 'fetch-user']);
    expect(labels(`${EXAMPLE}flow:\n  - agent: ¦`, { project })).toEqual(['fetch-user', 'count']);
    expect(labels(`${EXAMPLE}flow:\n  ¦`)).toEqual(expect.arrayContaining(['- agent: fetch-user']));
  });

  test('offers the first agent of an empty list', () => {
    expect(entries('ensemble: x\nagents:\n  ¦\n')[0]).toMatchObject({ label: '- name', snippet: expect.stringContaining('operation: ') });
  });

  test('says nothing in plain text and comments', () => {
    expect(labels(agent('description: Some ¦words'))).toEqual([]);
    expect(labels('# com¦ment\nensemble: x\n')).toEqual([]);
    expect(labels('ensemble: x # ${¦}\n')).toEqual([]);
  });
});

describe('completion in an ignore comment', () => {
  test('offers rules that can be ignored, those that find something here first', () => {
    const found = labels(agent('operation: transform', '# ensemble-ignore ¦', 'condition: true', 'config: { value: 1 }'));
    expect(found[0]).toMatch(/^(?:unneeded-use|constant-condition|unused-|state-)/);
    expect(found).toContain('constant-condition');
    expect(found).not.toContain('yaml-syntax');
    expect(labels(`# ensemble-ignore text-repair, con¦\n${EXAMPLE}`)).toContain('constant-condition');
    expect(labels(`# ensemble-ignore constant-condition: rea¦son\n${EXAMPLE}`)).toEqual([]);
  });
});
