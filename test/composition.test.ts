import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestProject, type TestProject } from './support/test-project.ts';

const counter = (backend: string) => `
agent: count-${backend}
inputs: { by: { type: integer, default: 1 } }
state:
  backend: ${backend}
  schema: { count: { type: integer, default: 0 } }
operations:
  - { name: add, operation: transform, config: { value: "\${state.count + input.by}" }, state: { use: [count], set: { count: "\${add.output}" } } }
outputs: "\${state.count}"
`;

const rate = (version: string) => `
agent: rate
version: ${version}
operation: transform
config: { value: ${version} }
`;

/** Its bodies look at everything that an isolate has. */
const look = `
const found = {};
for (const name of ['before', 'call', 'item', 'loop', 'error', 'trigger', 'run', 'left']) {
  try { if ((0, globalThis[name]) !== undefined) found[name] = true; } catch {}
}
if (typeof before !== 'undefined' || typeof call !== 'undefined' || typeof fails !== 'undefined') found.named = true;
`;

const child = `
ensemble: child
input: { given: string }
state: { schema: { mine: { type: string, default: own }, other: { type: string, default: hidden } } }
agents:
  - name: body
    operation: code
    state: { use: [mine] }
    config:
      code: |
        ${look.trim().replaceAll('\n', '\n        ')}
        return { found, state: { ...state }, input, left: globalThis.left ?? null };
  - { name: script, operation: code, state: { use: [mine] }, input: { given: again }, config: { script: ../scripts/look.js } }
  - { name: hides, operation: log, config: { message: "\${state.other}" }, state: { use: [other] } }
output: ["\${body.output}", "\${script.output}"]
`;

let project: TestProject;
beforeAll(async () => {
  project = await openTestProject({
    files: {
      'agents/count-kv.yaml': counter('kv'),
      'agents/count-d1.yaml': counter('d1'),
      'agents/count-durable-object.yaml': counter('durable-object'),
      'agents/rate/agent.yaml': rate('2.0.0'),
      'agents/rate@1.0.0.yaml': rate('1.0.0'),
      'agents/rate/1.4.0.yaml': rate('1.4.0'),
      'ensembles/tools/child.yaml': child.replace('../scripts', '../../scripts'),
      'ensembles/tools/shout@1.0.0.yaml':
        'ensemble: shout\nversion: 1.0.0\nagents: [{ name: a, operation: transform, config: { value: "${input.text}!" } }]\n',
      'ensembles/tools/shout@2.0.0.yaml':
        'ensemble: shout\nversion: 2.0.0\nagents: [{ name: a, operation: transform, config: { value: "${input.text}!!" } }]\n',
      'scripts/look.js': `export default (context) => ({ keys: Object.keys(context).sort(), state: { ...context.state }, input: context.input, left: globalThis.left ?? null });`,
    },
  });
});
afterAll(() => project[Symbol.asyncDispose]());

describe('an agent file with a state of its own', () => {
  test.each(['kv', 'd1', 'durable-object'])('goes on from it in later runs, of whatever ensemble, in %s', async (backend) => {
    const run = (name: string, by: number) =>
      project.runText(
        `ensembles/${name}.yaml`,
        `ensemble: ${name}\nstate: { schema: { count: { type: integer, default: 100 } } }\nagents: [{ name: count-${backend}, input: { by: ${by} }, state: { set: { count: "\${count-${backend}.output}" } } }]\noutput: "\${count-${backend}.output}"\n`,
      );
    expect((await run('one', 1)).finished).toMatchObject({ status: 'succeeded', output: 1 });
    expect((await run('other', 10)).finished.output).toBe(11);
    expect((await run('one', 100)).finished.output).toBe(111);
  });
});

describe('files by version', () => {
  test('are picked by what they say of themselves', async () => {
    const { finished } = await project.runText(
      'ensembles/versions.yaml',
      `ensemble: versions
agents:
  - { name: plain, agent: rate }
  - { name: one, agent: rate@^1 }
  - { name: exact, agent: rate@1.0.0 }
  - { name: loud, ensemble: shout, input: { text: hey } }
  - { name: calm, ensemble: shout@1, input: { text: hey } }
output: ["\${plain.output}", "\${one.output}", "\${exact.output}", "\${loud.output}", "\${calm.output}"]
`,
    );
    expect(finished.output).toEqual(['2.0.0', '1.4.0', '1.0.0', 'hey!!', 'hey!']);
  });
});

describe('an ensemble that another one runs', () => {
  test('has code that finds nothing of whoever runs it, by no global either', async () => {
    const { finished } = await project.runText(
      'ensembles/parent.yaml',
      `ensemble: parent
state: { schema: { secret: { type: string, default: hidden } } }
agents:
  - { name: before, operation: code, config: { code: "try { globalThis.left = 'secret' } catch {} return 'secret'" } }
  - { name: reads, operation: log, config: { message: "\${state.secret}" }, state: { use: [secret] } }
  - type: foreach
    items: [a, b]
    concurrency: 2
    steps:
      - type: try
        steps: [{ name: fails, operation: assert, config: { that: false } }]
        catch: [{ name: call, ensemble: child, input: { given: "\${item}" } }]
output: "\${call.output}"
`,
      { input: { own: 'secret' }, trigger: { from: 'secret' }, vars: { TOKEN: 'secret' } },
    );
    expect(finished).toMatchObject({ status: 'succeeded' });
    expect(finished.output).toEqual([
      { found: {}, state: { mine: 'own' }, input: { given: 'b' }, left: null },
      {
        keys: expect.not.arrayContaining(['trigger', 'item', 'error', 'before']),
        state: { mine: 'own' },
        input: { given: 'again' },
        left: null,
      },
    ]);
    expect(JSON.stringify(finished.output)).not.toContain('secret');
  });

  test('may be named by a path from the file that runs it', async () => {
    const text = 'ensemble: by-path\nagents: [{ name: go, ensemble: ./tools/shout@2.0.0.yaml, input: { text: hey } }]\n';
    expect((await project.runText('ensembles/by-path.yaml', text)).finished.output).toBe('hey!!');
  });
});
