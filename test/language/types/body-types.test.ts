import { describe, expect, test } from 'vitest';
import { Analysis } from '../../../src/language/analyze-file.ts';
import { NO_ENSEMBLES } from '../../../src/language/ensemble-files.ts';
import { kindOf } from '../../../src/language/lint.ts';
import { EMPTY_PROJECT, type ProjectIndex } from '../../../src/language/project-index.ts';
import { type BodyTypes, typesOf } from '../../../src/language/types/body-types.ts';
import { propertyOf } from '../../../src/language/types/property-type.ts';
import { renderType } from '../../../src/language/types/render-type.ts';

const AGENT_FILES: Readonly<Record<string, string>> = {
  greet: 'agent: greet\ninputs: { name: string }\noperation: transform\nconfig: { value: { text: "Hello, ${input.name}!" } }\n',
  count:
    'agent: count\noperations: [{ name: a, operation: data, config: { query: SELECT 1 } }]\noutputs: { n: "${a.output.rows.length}" }\n',
};
const PROJECT: ProjectIndex = {
  ...EMPTY_PROJECT,
  agentFile: (name) => {
    const text = AGENT_FILES[name];
    return text === undefined ? undefined : { path: `agents/${name}.yaml`, text };
  },
};

function read(text: string): BodyTypes {
  const source = { path: 'ensembles/x.yaml', text };
  const { file } = new Analysis(PROJECT).analyze(source, kindOf(source));
  if (file === undefined) throw new Error('the file has no structure');
  return typesOf(file, NO_ENSEMBLES);
}

/** The types of the holes of a body, by their source. */
function holes(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(read(text).holes.map(({ hole, typed }) => [hole.source, renderType(typed.type)]));
}

const agent = (name: string, operation: string, config: string, more = ''): string =>
  `ensemble: x\nagents:\n  - name: ${name}\n    operation: ${operation}\n    config: ${config}\n${more}`;

describe('the output of an agent', () => {
  test.each([
    ['http', '{ url: "https://example.com" }', 'any'],
    ['http', '{ url: "https://example.com", as: text }', 'string | null'],
    ['http', '{ url: "https://example.com", response: full }', '{ status: integer, headers: object of string, body: any }'],
    ['http', '{ url: "https://example.com", response: "${env.HOW}" }', 'any'],
    ['storage', '{ type: kv, action: get, key: a }', '{ value: any, found: boolean, metadata: any }'],
    ['storage', '{ type: kv, action: put, key: a, value: b }', '{ success: boolean }'],
    ['storage', '{ type: kv, action: list }', /^\{ keys: list of \{ name: string, .*, list_complete: boolean, cursor: string \| null \}$/],
    ['storage', '{ type: kv, action: "${input.what}", key: a }', 'any'],
    ['storage', '{ type: d1, query: SELECT 1 }', '{ rows: list of object, results: list of object, meta: object, success: boolean }'],
    ['data', '{ statements: [SELECT 1] }', /^\{ results: list of \{ rows: list of object, .*rows: list of object, success: boolean \}$/],
    ['storage', '{ type: r2, action: delete, key: a }', '{ success: boolean }'],
    ['think', '{ provider: openai, model: m, prompt: hi }', 'string'],
    ['think', '{ provider: openai, model: m, prompt: hi, schema: { title: string } }', '{ title: string }'],
    ['transform', '{ value: { n: 1, text: "a ${input.b}", any: "${input.c}" } }', '{ n: number, text: string, any?: any }'],
    ['transform', '{ value: [1, 2], limit: 1 }', 'list of number'],
    ['transform', '{ value: { a: 1 }, pick: [a] }', 'any'],
    ['transform', '{ value: "${input.gone.away()" }', 'any'],
    ['code', '{ code: return 1 }', 'any'],
    ['assert', '{ that: "${input.ok}" }', 'true'],
    ['log', '{ message: hi }', 'undefined'],
    ['"${input.x}"', '{ a: 1 }', 'any'],
  ])('%s %s is %s', (operation, config, expected) => {
    const types = read(agent('a', operation, config));
    const [model] = types.body.model.agents;
    const shown = model === undefined ? '' : renderType(types.outputOf(model));
    if (typeof expected === 'string') expect(shown).toBe(expected);
    else expect(shown).toMatch(expected);
  });

  test('is what its `schema.output` says', () => {
    expect(
      holes(agent('a', 'code', '{ code: return 1 }', '    schema: { output: { n: integer } }\noutput: ${a.output}'))['${a.output}'],
    ).toBe('{ n: integer }');
  });

  test('is that of the file that it runs', () => {
    const types = holes(
      'ensemble: x\nagents: [{ name: greet }, { name: b, agent: count }]\noutput: { a: "${greet.output}", b: "${b.output.n}" }\n',
    );
    expect(types).toMatchObject({ '${greet.output}': '{ text: string }', '${b.output.n}': 'integer' });
  });

  test.each([
    ['condition: ${input.ok}', 'boolean | undefined'],
    ['onError: continue', 'boolean | undefined'],
    ['timeout: 1s', 'boolean'],
  ])('with `%s` is %s for others', (setting, expected) => {
    const text = agent('a', 'storage', '{ type: kv, action: put, key: k, value: v }', `    ${setting}\noutput: \${a.output.success}`);
    expect(holes(text)['${a.output.success}']).toBe(expected);
  });

  test('may be missing when something asks for its failure', () => {
    const text = agent('a', 'storage', '{ type: kv, action: put, key: k, value: v }', 'output: ["${a.output.success}", "${a.failed}"]');
    expect(holes(text)).toMatchObject({ '${a.output.success}': 'boolean | undefined', '${a.failed}': 'boolean' });
  });

  test('is there in its own `set`', () => {
    const text = agent(
      'a',
      'storage',
      '{ type: kv, action: get, key: k }',
      '    condition: ${input.ok}\n    state: { set: { x: "${a.output.found}" } }\n',
    );
    expect(holes(text)['${a.output.found}']).toBe('boolean');
  });

  test('of agents that read each other in a circle is unknown', () => {
    const a = '  - { name: a, operation: transform, config: { value: "${b.output}" } }\n';
    const b = '  - { name: b, operation: transform, config: { value: "${a.output}" } }\n';
    expect(holes(`ensemble: x\nagents:\n${a}${b}`)).toEqual({ '${b.output}': 'any', '${a.output}': 'any' });
  });
});

describe('what names mean', () => {
  test('the input has its defaults, and what a trigger brings', () => {
    const types = read(
      'ensemble: x\ninput: { a: { type: string, default: x }, b: string, c: { type: number, required: true } }\ntrigger: [{ type: http, path: /, public: true }]\n',
    );
    expect(renderType(propertyOf(types.input, 'a'))).toBe('string');
    expect(renderType(propertyOf(types.input, 'b'))).toBe('string | undefined');
    expect(renderType(propertyOf(types.input, 'c'))).toBe('number');
    expect(renderType(propertyOf(types.input, 'query'))).toBe('any');
  });

  test('`input` is the agent’s own in its config and code, the run’s everywhere else', () => {
    const text = agent(
      'a',
      'transform',
      '{ value: "${input.own}" }',
      '    input: { own: 3 }\n    condition: ${input.text}\noutput: ${input.own}\ninput: { text: string, own: boolean }\n',
    );
    const types = read(text).holes.map(({ part, hole, typed }) => `${part} ${hole.source} ${renderType(typed.type)}`);
    expect(types).toEqual([
      'condition ${input.text} string | undefined',
      'config ${input.own} 3',
      'output ${input.own} boolean | undefined',
    ]);
  });

  test('a state key is there when something gave it a value and time does not take it away', () => {
    const { state } = read(
      'ensemble: x\nstate: { schema: { a: number, b: { type: number, default: 0 }, c: { type: number, default: 0, valid_for: 1h }, d: string }, initial: { d: x } }\n',
    );
    expect(renderType(state)).toBe('{ a?: number, b: number, c?: number, d: string, … }');
  });

  test('`item` is one of what a loop goes through', () => {
    const types = holes(
      `ensemble: x
input: { rows: { type: array, items: { type: object, properties: { id: { type: string } }, required: [id] }, required: true } }
agents:
  - type: foreach
    items: \${input.rows}
    steps:
      - { name: a, operation: log, config: { message: "\${item.id}" } }
      - type: foreach
        items: \${[item.id.length]}
        steps: [{ name: b, operation: log, config: { message: "\${item} \${index} \${loop.item}" } }]
  - { name: c, operation: log, config: { message: "\${[item]}" }, loop: { items: "\${input.rows.map(row => row.id)}" } }
`,
    );
    expect(types).toMatchObject({
      '${item.id}': 'string',
      '${item}': 'integer',
      '${index}': 'integer',
      '${loop.item}': 'integer',
      '${[item]}': 'list of string',
    });
  });

  test('the roots of the engine have their shapes', () => {
    expect(holes('ensemble: x\nagents: []\noutput: ["${run.started_at}", "${env.KEY}", "${trigger.x}", "${run}"]\n')).toEqual({
      '${run.started_at}': 'integer',
      '${env.KEY}': 'string | undefined',
      '${trigger.x}': 'any',
      '${run}': '{ id: string, ensemble: string, started_at: integer, attempt: integer }',
    });
  });
});

describe('the output of a flow step', () => {
  const value = (name: string, text: string): string => `{ name: ${name}, operation: transform, config: { value: ${text} } }`;
  const [n, t] = [value('n', '1'), value('t', 'text')];
  const skipped = '{ name: s, operation: transform, config: { value: true }, condition: "${input.go}" }';
  const outputOf = (step: string, more = ''): string | undefined =>
    holes(
      `ensemble: x\ninput: { rows: { type: array, items: string, required: true } }\nagents:\n  - ${step}\noutput: ["\${f.output}"${more}]`,
    )['${f.output}'];

  test.each([
    ['all branches side by side', `{ name: f, parallel: [${n}, ${t}] }`, 'list of (number | string)'],
    ['one that may be skipped', `{ name: f, parallel: [${n}, ${skipped}] }`, 'list of (number | boolean | null)'],
    ['the first that succeeds', `{ name: f, waitFor: any, parallel: [${n}, ${t}] }`, 'number | string | undefined'],
    ['the first that ends', `{ name: f, waitFor: first, parallel: [${n}, ${t}] }`, 'number | string | undefined'],
    ['one way or the other', `{ name: f, type: branch, condition: "\${input.go}", then: ${n}, else: ${t} }`, 'number | string'],
    ['one way or none', `{ name: f, type: branch, condition: "\${input.go}", then: ${n} }`, 'number | undefined'],
    ['one of several ways', `{ name: f, type: switch, value: "\${input.go}", cases: { a: ${n} }, default: ${t} }`, 'number | string'],
    ['what it goes through', `{ name: f, type: foreach, items: "\${input.rows}", steps: [${n}, ${t}] }`, 'list of string'],
    ['what may be skipped', `{ name: f, type: foreach, items: "\${input.rows}", step: ${skipped} }`, 'list of (boolean | null)'],
    ['rounds', `{ name: f, type: while, condition: "\${index < 3}", steps: ${n} }`, 'list of number'],
    ['what it tries, or catches', `{ name: f, type: try, steps: ${n}, catch: ${t}, finally: ${skipped} }`, 'number | string'],
    ['what it tries, or nothing', `{ name: f, type: try, steps: ${n} }`, 'number | undefined'],
    ['what it maps', `{ name: f, type: map-reduce, items: "\${input.rows}", map: ${n} }`, 'list of number'],
    ['what it reduces', `{ name: f, type: map-reduce, items: "\${input.rows}", map: ${n}, reduce: ${t} }`, 'string'],
    [
      'steps in steps',
      `{ name: f, parallel: [{ type: foreach, items: "\${input.rows}", step: { parallel: [${n}, ${t}] } }] }`,
      'list of (list of (list of (number | string)))',
    ],
    [
      'an agent for each item',
      '{ name: f, operation: transform, config: { value: "${item}" }, loop: { items: "${input.rows}" } }',
      'list of string',
    ],
  ])('is that of %s', (_, step, expected) => {
    expect(outputOf(step)).toBe(expected);
  });

  test('may be missing when something asks for its failure', () => {
    expect(outputOf(`{ name: f, parallel: [${n}] }`, ', "${f.failed}"')).toBe('list of number | undefined');
  });

  test('may be missing where the step may not run', () => {
    expect(outputOf(`{ type: branch, condition: "\${input.go}", then: { name: f, parallel: [${n}] } }`)).toBe('list of number | undefined');
  });

  test('of the last step is that of the ensemble', () => {
    expect(renderType(read(`ensemble: x\nagents: [{ parallel: [${n}, ${t}] }]\n`).output)).toBe('list of (number | string)');
  });

  test('has around it what a result has, and no facts of an operation', () => {
    const types = holes(
      `ensemble: x\nagents: [{ name: f, parallel: [${n}] }]\noutput: ["\${f.failed}", "\${f.failure}", "\${f.duration}", "\${f.outputs}", "\${f.response}"]\n`,
    );
    expect(types).toMatchObject({
      '${f.failed}': 'boolean',
      '${f.failure}': '{ code: string, message: string, attempt: integer } | undefined',
      '${f.duration}': 'number',
      '${f.outputs}': 'undefined',
      '${f.response}': 'undefined',
    });
  });
});

describe('inside of flow steps', () => {
  test('`mapResults` is the list of what was mapped', () => {
    const map = '{ name: m, operation: transform, config: { value: { n: 1 } } }';
    const reduce = '{ name: r, operation: transform, config: { value: "${mapResults.map(one => one.n)}" } }';
    const types = holes(`ensemble: x\nagents: [{ type: map-reduce, items: [1], map: ${map}, reduce: ${reduce} }]\n`);
    expect(types).toEqual({ '${mapResults.map(one => one.n)}': 'list of number' });
  });

  test('`error` is what failed, and in `finally` maybe nothing', () => {
    const say = (name: string, text: string, more = ''): string =>
      `{ name: ${name}, operation: log, config: { message: "${text}" }${more} }`;
    const types = holes(
      `ensemble: x\nagents: [{ type: try, steps: ${say('a', 'hi', `, onError: [${say('b', '${error.agent}')}]`)}, catch: ${say('c', '${error.attempt}')}, finally: ${say('d', '${error.code}')} }]\n`,
    );
    expect(types).toEqual({ '${error.agent}': 'string', '${error.attempt}': 'integer', '${error.code}': 'string | undefined' });
  });

  test('`loop` in a `while` has no item', () => {
    const types = holes(
      'ensemble: x\nagents: [{ type: while, condition: "${loop.index < 2}", steps: [{ name: a, operation: log, config: { message: "${loop}" } }] }]\n',
    );
    expect(types).toEqual({ '${loop.index < 2}': 'boolean', '${loop}': '{ index: integer }' });
  });

  test('a looped agent reads its own result for each item, and others the list', () => {
    const types = holes(`ensemble: x
agents:
  - name: a
    operation: transform
    config: { value: { n: 1 } }
    loop: { items: [1, 2], breakWhen: "\${a.output.n > 1}" }
    state: { set: { n: "\${a.output.n}" } }
  - { name: b, operation: log, config: { message: "\${a.output}" } }
`);
    expect(types).toMatchObject({ '${a.output.n}': 'number', '${a.output}': 'list of { n: number }' });
  });
});
