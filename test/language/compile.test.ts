import { describe, expect, test } from 'vitest';
import { compile } from '../../src/language/compile.ts';
import { EMPTY_PROJECT, type ProjectIndex } from '../../src/language/project-index.ts';
import { hashProgram } from '../../src/program/hash.ts';
import type { AgentStep, Program } from '../../src/program/program.ts';

function compileText(text: string, project: ProjectIndex = EMPTY_PROJECT): Program {
  const { program, diagnostics } = compile({ path: 'ensembles/test.yaml', text }, project);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (program === undefined) throw new Error('no program');
  return program;
}

/** The steps of an ensemble whose agents are given, by name. */
function compileAgents(agents: string, rest = '', project?: ProjectIndex): Record<string, AgentStep> {
  const { body } = compileText(`ensemble: test\nagents:\n${agents}\n${rest}`, project);
  return Object.fromEntries(body.steps.flatMap((step) => (step.type === 'agent' ? [[step.name, step]] : [])));
}

const withAgentFiles = (files: Record<string, string>): ProjectIndex => ({
  ...EMPTY_PROJECT,
  agentFile: (name) => (files[name] === undefined ? undefined : { path: `agents/${name}.yaml`, text: files[name] }),
});

const LOG = 'operation: log, config: { message: hi }';

describe('a program', () => {
  test('is frozen through and through', () => {
    const program = compileText(`ensemble: test\nagents: [{ name: a, ${LOG} }]\noutput: { a: [1, "\${a.output}"] }`);
    const check = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      expect(Object.isFrozen(value)).toBe(true);
      for (const item of Object.values(value)) check(item);
    };
    check(program);
  });
  test('is plain JSON', () => {
    const program = compileText(`ensemble: test\nagents: [{ name: a, ${LOG}, condition: "\${input.x ?? undefined}" }]`);
    expect(JSON.parse(JSON.stringify(program))).toEqual(program);
  });
  test('has the same hash for the same file, and another for another', async () => {
    const text = `ensemble: test\nagents: [{ name: a, ${LOG} }]`;
    const hash = await hashProgram(compileText(text));
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashProgram(compileText(text))).toBe(hash);
    expect(await hashProgram(JSON.parse(JSON.stringify(compileText(text))))).toBe(hash);
    expect(await hashProgram(compileText(text.replace('hi', 'ho')))).not.toBe(hash);
  });
  test('names the bindings that its agents and its state need, each once', () => {
    const { bindings } = compileText(`ensemble: test
state: { backend: d1, binding: STATE }
agents:
  - { name: a, operation: storage, config: { type: kv, action: get, key: k } }
  - { name: b, operation: storage, config: { type: kv, action: get, key: k } }
  - { name: c, operation: storage, config: { type: r2, action: get, key: k, binding: FILES } }
  - { name: d, operation: data, config: { backend: d1, query: SELECT 1, binding: "\${input.binding}" } }
`);
    expect(bindings).toEqual([{ kind: 'kv' }, { kind: 'r2', name: 'FILES' }, { kind: 'd1' }, { kind: 'd1', name: 'STATE' }]);
  });
  test('keeps limits in numbers and triggers as plans', () => {
    const { limits, triggers } = compileText(`ensemble: test
limits: { max_duration: 10m, max_steps: 5, max_tokens: 100, max_cost_usd: 0.5 }
trigger: [{ type: cron, cron: "0 * * * *" }]
agents: [{ name: a, ${LOG} }]`);
    expect(limits).toEqual({ maxDurationMs: 600_000, maxSteps: 5, maxTokens: 100, maxCostUsd: 0.5 });
    expect(triggers).toEqual([{ type: 'cron', cron: '0 * * * *', timezone: 'UTC' }]);
  });
});

describe('an agent', () => {
  test('knows its place and its path', () => {
    expect(compileAgents(`  - { name: a, ${LOG} }`).a).toMatchObject({ path: 'a', place: { line: 3, column: 5 } });
  });
  test('takes the spellings of the field', () => {
    const { a, b, c } = compileAgents(`
  - { name: a, when: "\${input.x}", inputs: { y: 1 }, operation: log, config: { message: hi }, continue_on_error: true, retry: { attempts: 4 } }
  - { name: b, operation: think, prompt: hello, model: m, config: { provider: openai }, retry: { max_attempts: 2 }, timeout: 5s }
  - { name: c, condition: true, input: { y: 1 }, operation: log, config: { message: hi }, onError: continue, retry: { maxAttempts: 7, backoff: fixed, initialDelay: 1s, maxDelay: 1m, jitter: true, retryOn: [409] } }`);
    expect(a).toMatchObject({
      condition: { type: 'hole' },
      input: { type: 'constant', value: { y: 1 } },
      handlesFailure: true,
      retry: { maxAttempts: 4, backoff: 'exponential', initialDelayMs: 1_000, maxDelayMs: 30_000, jitter: false, retryOn: [] },
    });
    expect(b).toMatchObject({
      action: { config: { value: { prompt: 'hello', model: 'm' } } },
      retry: { maxAttempts: 2 },
      timeoutMs: 5_000,
    });
    expect(c).toMatchObject({
      condition: { type: 'constant', value: true },
      handlesFailure: true,
      retry: { maxAttempts: 7, backoff: 'fixed', initialDelayMs: 1_000, maxDelayMs: 60_000, jitter: true, retryOn: [409] },
    });
  });
  test('is tried once without a retry', () => {
    expect(compileAgents(`  - { name: a, ${LOG} }`).a?.retry.maxAttempts).toBe(1);
  });
  test.each([
    ['a condition', `- { name: b, condition: "\${a.failed}", ${LOG} }`, ''],
    ['Jexl', `- { name: b, condition: "$<a.error>", ${LOG} }`, ''],
    ['the output', '', 'output: "${!a.success}"'],
    ['code', '- { name: b, operation: code, config: { code: "return `${a.failure.code}`" } }', ''],
    ['a state key', `- { name: b, ${LOG}, state: { set: { x: "\${a.failure}" } } }`, ''],
  ])('has its failure handled when %s reads it', (_where, agent, rest) => {
    expect(compileAgents(`  - { name: a, ${LOG} }\n  ${agent}`, rest).a?.handlesFailure).toBe(true);
  });
  test('has its failure handled by nothing else', () => {
    const { a } = compileAgents(`  - { name: a, ${LOG} }\n  - { name: b, condition: "\${a.output.failed && a.skipped}", ${LOG} }`);
    expect(a?.handlesFailure).toBe(false);
  });
  test('lists what it reads, but for what its set reads', () => {
    const { c } = compileAgents(`
  - { name: a-1, ${LOG} }
  - { name: b, ${LOG} }
  - { name: c, condition: "\${trigger.type}", operation: code, config: { code: "return a-1.output + \${a-1.output}" }, state: { set: { x: "\${b.output}" } } }`);
    expect(c?.reads).toEqual({ agents: ['a-1'], trigger: true, locals: [] });
  });
  test('sees the whole state with `use: [state]`, unless a key has that name', () => {
    const agent = `  - { name: a, ${LOG}, state: { use: [state] } }`;
    expect(compileAgents(agent).a).toMatchObject({ use: [], useAll: true });
    expect(compileAgents(agent, 'state: { schema: { state: any } }').a).toMatchObject({ use: ['state'], useAll: false });
  });
  test('sets what it says', () => {
    const { a, b, c } = compileAgents(`
  - { name: a, ${LOG}, state: { set: { x: 1 } } }
  - { name: b, ${LOG}, state: { set: [x, y] } }
  - { name: c, operation: code, config: { code: "setState({ x: 1 })" } }`);
    expect(a?.set).toEqual({ type: 'fields', fields: [{ key: 'x', value: { type: 'constant', value: 1 } }] });
    expect(b?.set).toEqual({ type: 'same', keys: ['x', 'y'] });
    expect(c?.set).toEqual({ type: 'same', keys: ['x'] });
  });
  test('keeps reject_tainted out of its config', () => {
    const { a } = compileAgents('  - { name: a, operation: log, config: { message: hi, reject_tainted: true } }');
    expect(a).toMatchObject({ rejectTainted: true, action: { config: { type: 'constant', value: { message: 'hi' } } } });
  });
  test('has its schemas expanded, from files too', () => {
    const project: ProjectIndex = { ...EMPTY_PROJECT, schemaFile: (reference, from) => ({ $comment: `${reference} from ${from}` }) };
    const { a, b } = compileAgents(
      `
  - { name: a, operation: think, config: { provider: openai, model: m, prompt: "\${input.p}", schema: { title: string } }, schema: { output: { title: string } } }
  - { name: b, operation: think, config: { provider: openai, model: m, prompt: p, schema: ./s.json }, schema: ./s.json }`,
      '',
      project,
    );
    const schema = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] };
    expect(a?.outputSchema).toEqual(schema);
    expect(a?.action).toMatchObject({
      config: {
        entries: [{ key: 'provider' }, { key: 'model' }, { key: 'prompt' }, { key: 'schema', value: { type: 'constant', value: schema } }],
      },
    });
    expect(b?.outputSchema).toEqual({ $comment: './s.json from ensembles/test.yaml' });
    expect(b?.action).toMatchObject({ config: { value: { prompt: 'p', schema: { $comment: './s.json from ensembles/test.yaml' } } } });
  });
});

describe('a code agent', () => {
  test('has its body in a module, with its line in the file', () => {
    const { modules, body } = compileText(`ensemble: test
agents:
  - name: a-b
    operation: code
    config:
      network: true
      code: |
        const x = \${input.x};
        return x + env.KEY;
`);
    expect(body.steps[0]).toMatchObject({
      action: {
        type: 'code',
        module: 'ensembles/test.yaml#a-b',
        usesEnv: true,
        envNames: ['KEY'],
        network: true,
        agents: [],
        holes: [{ type: 'hole' }],
      },
    });
    expect(modules['ensembles/test.yaml#a-b']).toMatchObject({ kind: 'inline', network: true, place: { line: 8, column: 9 } });
    const lines = modules['ensembles/test.yaml#a-b']?.source.split('\n') ?? [];
    expect(lines[(modules['ensembles/test.yaml#a-b']?.lineOffset ?? 0) + 1]).toBe('return x + env.KEY;');
  });
  test('may be a script, which reads the rest of the config', () => {
    const project: ProjectIndex = {
      ...EMPTY_PROJECT,
      script: (reference, from) => ({ source: `export default 1; // ${reference} from ${from}` }),
    };
    const { modules, body } = compileText(
      'ensemble: test\nagents: [{ name: a, operation: code, script: ./s.ts, config: { n: "${input.n}", network: false } }]',
      project,
    );
    expect(modules).toEqual({
      'ensembles/test.yaml#a': { source: 'export default 1; // ./s.ts from ensembles/test.yaml', kind: 'script', network: false },
    });
    expect(body.steps[0]).toMatchObject({
      action: { type: 'code', module: 'ensembles/test.yaml#a', config: { entries: [{ key: 'n', value: { type: 'hole' } }] } },
    });
  });
});

describe('the state', () => {
  test('has a plan with defaults, reducers and durations', () => {
    const { state } = compileText(`ensemble: test
state:
  backend: durable-object
  key: s-\${input.id}
  schema:
    a: number
    b: { type: array, items: string, default: [], reducer: append, valid_for: 1h, secret: true }
    c: { name: string }
  initial: { a: 1 }
  persist: always
  on_conflict: fail
agents: [{ name: a, ${LOG} }]`).body;
    expect(state).toMatchObject({
      backend: 'durable-object',
      key: { type: 'text' },
      schema: {
        a: { schema: { type: 'number' }, reducer: 'replace', secret: false },
        b: { schema: { type: 'array', items: { type: 'string' } }, default: [], reducer: 'append', validForMs: 3_600_000, secret: true },
        c: { schema: { type: 'object', properties: { name: { type: 'string' } } } },
      },
      initial: { type: 'constant', value: { a: 1 } },
      persist: 'always',
      onConflict: 'fail',
    });
    expect(state.schema?.b?.schema).toEqual({ type: 'array', items: { type: 'string' } });
  });
  test('is in memory, under the ensemble’s name, unless the file says otherwise', () => {
    const { state } = compileText(`ensemble: test\nagents: [{ name: a, ${LOG} }]`).body;
    expect(state).toEqual({ backend: 'memory', key: { type: 'constant', value: 'test' }, persist: 'on_success', onConflict: 'merge' });
  });
});

describe('the output', () => {
  const output = (yaml: string): unknown => compileText(`ensemble: test\nagents: [{ name: a, ${LOG} }]\noutput: ${yaml}`).body.output;
  test('is a value, or a list of responses', () => {
    expect(output('{ a: 1 }')).toEqual({ type: 'value', value: { type: 'constant', value: { a: 1 } } });
    expect(output('{ status: 1, body: 2 }')).toMatchObject({ type: 'value' });
    expect(output('[1, { body: 2 }]')).toMatchObject({ type: 'value' });
    expect(output('[{ when: "${a.output}", status: 200, headers: { x: y }, body: ok }, { status: 404 }]')).toMatchObject({
      type: 'responses',
      responses: [
        { when: { type: 'hole' }, status: { value: 200 }, headers: { value: { x: 'y' } }, body: { value: 'ok' } },
        { status: { value: 404 } },
      ],
    });
  });
});

describe('an agent file', () => {
  const files = withAgentFiles({
    single: 'agent: single\ninputs: { x: string }\nstate: { schema: { n: number } }\noperation: code\nconfig: { code: "return state.n" }\n',
    several:
      'agent: several\nversion: 2.0.0\nstate: { backend: kv }\noperations:\n  - { name: one, operation: code, config: { code: "return 1" } }\n  - { name: two, agent: single, input: { x: "${one.output}" } }\noutputs: { r: "${two.output}" }\n',
  });
  test('of one operation is a body of one step, which sees the state of its file', () => {
    const program = compileText('ensemble: test\nagents: [{ name: a, agent: single, input: { x: y } }]', files);
    expect(program.body.steps).toMatchObject([{ action: { type: 'body', file: 'agents/single.yaml' } }]);
    expect(program.files).toMatchObject({
      'agents/single.yaml': {
        kind: 'agent',
        name: 'single',
        file: 'agents/single.yaml',
        body: {
          input: { properties: { x: { type: 'string' } } },
          state: { key: { value: 'agent:single' } },
          steps: [{ name: 'single', path: 'single', useAll: true }],
        },
      },
    });
  });
  test('of several operations is a body of steps, and may run agent files', () => {
    const program = compileText('ensemble: test\nagents: [{ name: a, agent: several }, { name: several }]', files);
    expect(program.body.steps).toMatchObject([
      { name: 'a', action: { file: 'agents/several.yaml' } },
      { name: 'several', action: { file: 'agents/several.yaml' } },
    ]);
    expect(program.files).toMatchObject({
      'agents/several.yaml': {
        version: '2.0.0',
        body: { steps: [{ path: 'one' }, { path: 'two', action: { file: 'agents/single.yaml' } }], output: { type: 'value' } },
      },
      'agents/single.yaml': { body: { steps: [{ path: 'single' }] } },
    });
    expect(Object.keys(program.modules)).toEqual(['agents/several.yaml#one', 'agents/single.yaml#single']);
    expect(program.bindings).toEqual([{ kind: 'kv' }]);
  });
  test('is in the program once, however many run it', () => {
    const doubling = Object.fromEntries(
      Array.from({ length: 14 }, (_, n) => [
        `f${n}`,
        `agent: f${n}\noperations: [${Array.from({ length: 4 }, (__, i) => (n === 13 ? `{ name: s${i}, ${LOG} }` : `{ name: s${i}, agent: f${n + 1} }`))}]\n`,
      ]),
    );
    const { files } = compileText('ensemble: x\nagents: [{ name: f0 }]', withAgentFiles(doubling));
    expect(Object.keys(files).length).toBe(14);
  });
});

describe('errors', () => {
  test('leave no program; warnings do not', () => {
    const bad = compile({ path: 'x.yaml', text: 'ensemble: x\nagents: [{ name: a, operation: log, config: { message: "${b.output}" } }]' });
    expect(bad.program).toBeUndefined();
    expect(bad.diagnostics.map(({ code }) => code)).toEqual(['unknown-name']);
    const warned = compile({ path: 'x.yaml', text: `ensemble: x\nagents: [{ name: a, condition: text, ${LOG} }]` });
    expect(warned.diagnostics.map(({ severity }) => severity)).toEqual(['warning']);
    expect(warned.program).toBeDefined();
  });
  test('come in the order of the file, each once', () => {
    const { diagnostics } = compile({
      path: 'x.yaml',
      text: 'ensemble: x\nagents:\n  - { name: a, operation: nope }\n  - { name: a, operation: nope }\noutput: ${zzz}\n',
    });
    const starts = diagnostics.map(({ span }) => span.start);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect(diagnostics.map(({ code }) => code)).toEqual(['unknown-operation', 'duplicate-agent', 'unknown-operation', 'unknown-name']);
  });
});
