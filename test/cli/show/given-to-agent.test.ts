import { describe, expect, test } from 'vitest';
import { findGiven } from '../../../src/cli/show/given-to-agent.ts';
import type { JsonValue } from '../../../src/program/json.ts';
import type { Program } from '../../../src/program/program.ts';
import type { RunEvent } from '../../../src/program/run-event.ts';
import { FailureError } from '../../../src/runtime/failure.ts';
import { programOf } from '../../runtime/engine/support/program-of.ts';
import { runToEnd, type TestRunOptions } from '../../runtime/engine/support/test-run.ts';

const refuse = () => {
  throw new FailureError({ code: 'HTTP_STATUS', message: 'it answered 500', retryable: false });
};

const AGENT = 'operation: http, config: ';

/** A text with short `config: {…}` of its http agents, as bodies of requests. */
function asRequests(text: string): string {
  const [head = '', ...agents] = text.split(AGENT);
  return [head, ...agents.map(asRequest)].join(AGENT);
}

function asRequest(text: string): string {
  let depth = 0;
  const end = [...text].findIndex((character) => {
    depth += character === '{' ? 1 : character === '}' ? -1 : 0;
    return depth === 0;
  });
  return `{ url: "http://x", method: POST, body: ${text.slice(0, end + 1)} }${text.slice(end + 1)}`;
}

function asAllRequests(files: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [name, asRequests(text)]));
}

const bodyOf = (config: JsonValue = {}) => (config as { readonly body: Readonly<Record<string, JsonValue>> }).body;

/** Runs an ensemble whose http agents give back what they were asked (or fail, where it says `fail`): what each was asked, and what is found of it in the journal. */
async function compareGiven(text: string, options: TestRunOptions & { readonly files?: Readonly<Record<string, string>> } = {}) {
  const program = programOf(asRequests(text), asAllRequests(options.files), asAllRequests(options.ensembles));
  const calls = new Map<string, JsonValue[]>();
  const http: TestRunOptions['http'] = (config, { agent }) => {
    const body = bodyOf(config);
    calls.set(agent, [...(calls.get(agent) ?? []), body]);
    return body.fail === true ? refuse() : { output: body };
  };
  const { events, finished } = await runToEnd(program, { ...options, http });
  const found = new Map<string, JsonValue[]>();
  for (const [index, event] of events.entries()) {
    if (event.type !== 'agent.started' || event.operation !== 'http') continue;
    found.set(event.agent, [...(found.get(event.agent) ?? []), bodyOf(findGiven(program, events, index).config)]);
  }
  return { calls: Object.fromEntries(calls), found: Object.fromEntries(found), finished, events, program };
}

const givenTo = (agent: string, { program, events }: { readonly program: Program; readonly events: readonly RunEvent[] }) =>
  findGiven(
    program,
    events,
    events.findIndex((event) => event.type === 'agent.started' && event.agent === agent),
  );

describe('what an agent was given', () => {
  test.each<[string, string, number]>([
    [
      'input, results of agents that ended, failed and were skipped, and the run',
      `
ensemble: e
agents:
  - { name: a, operation: http, config: { v: "\${input.x}" } }
  - { name: no, operation: http, config: {}, condition: "\${false}" }
  - { name: bad, operation: http, config: { fail: true }, onError: continue }
  - { name: b, operation: http, config: { i: "\${input.from}", a: "\${a.output}", no: "\${no.skipped}", bad: "\${bad.failure.code}", tries: "\${bad.attempts}", run: "\${run}" }, input: { from: "\${a.output.v}" } }
`,
      3,
    ],
    [
      'the state as it was then, as far as it is used',
      `
ensemble: e
state: { schema: { n: { type: number, default: 1, reducer: add }, other: number } }
agents:
  - { name: a, operation: http, config: { n: "\${state.n}" }, state: { use: [n], set: { n: 2 } } }
  - { name: b, operation: http, config: { n: "\${state.n}" }, state: { use: [n], set: { n: 5, other: 3 } } }
  - { name: c, operation: http, config: { all: "\${state}" }, state: { use: [state] } }
`,
      3,
    ],
    [
      'items, positions and results of the same iteration, and the last ones after a loop',
      `
ensemble: e
agents:
  - name: each
    type: foreach
    items: [10, 20]
    steps:
      - { name: a, operation: http, config: { v: "\${item}", i: "\${index}", l: "\${loop}" } }
      - name: inner
        type: foreach
        items: ["x", "y", "z"]
        steps:
          - { name: b, operation: http, config: { item: "\${item}", a: "\${a.output.v}" } }
  - { name: rows, operation: http, config: { v: "\${item + 1}" }, loop: { items: [1, 2, 3] } }
  - { name: after, operation: http, config: { a: "\${a.output}", b: "\${b.output}", each: "\${each.output}", outputs: "\${rows.outputs}", rows: "\${rows.output}" } }
`,
      12,
    ],
    [
      'what earlier rounds of a while left',
      `
ensemble: e
agents:
  - name: again
    type: while
    condition: \${index < 3}
    steps:
      - { name: a, operation: http, config: { i: "\${index}", b: "\${b.output}" }, condition: "\${index !== 1}" }
      - { name: b, operation: http, config: { i: "\${index}", a: "\${a.output.i}" } }
`,
      5,
    ],
    [
      'the error in a catch and in onError, and what a map gave its reduce',
      `
ensemble: e
agents:
  - name: t
    type: try
    steps: [{ name: a, operation: http, config: { fail: true } }]
    catch: [{ name: b, operation: http, config: { error: "\${error}" } }]
  - { name: c, operation: http, config: { fail: true }, onError: [{ name: d, operation: http, config: { error: "\${error}" } }] }
  - name: m
    type: map-reduce
    items: [1, 2]
    map: [{ name: f, operation: http, config: { v: "\${item * 2}" } }]
    reduce: [{ name: g, operation: http, config: { all: "\${mapResults}" } }]
`,
      7,
    ],
    [
      'the input and results inside agent files and ensembles, with defaults',
      `
ensemble: e
agents:
  - name: each
    type: foreach
    items: [1, 2]
    steps: [{ name: part, agent: part, input: { n: "\${item}" } }]
  - { name: sub, ensemble: sub, input: { n: 5 } }
`,
      6,
    ],
    [
      'the scope of what it undoes',
      `
ensemble: e
state: { schema: { n: { type: number, default: 1, reducer: add } } }
agents:
  - { name: a, operation: http, config: { v: 1 }, state: { set: { n: 1 } }, compensate: { operation: http, config: { n: "\${state.n}", v: "\${a.output.v}" }, state: { use: [n] } } }
  - { name: b, operation: http, config: { v: 2 }, state: { set: { n: 10 } } }
  - { name: c, operation: http, config: { fail: true } }
`,
      4,
    ],
    [
      'an entry of flow: by its id',
      `
ensemble: e
agents:
  - { name: a, operation: http, config: { v: "\${input.v}" } }
flow:
  - { agent: a, id: one, input: { v: 1 } }
  - { agent: a, id: two, input: { v: "\${one.output.v}" } }
`,
      2,
    ],
  ])('is found again from the journal: %s', async (_, text, agents) => {
    const part = `
agent: part
inputs: { n: number, lang: { type: string, default: en } }
state: { schema: { seen: number } }
operations:
  - { name: x, operation: http, config: { input: "\${input}" }, state: { set: { seen: "\${input.n}" } } }
  - { name: y, operation: http, config: { x: "\${x.output.input.n}", seen: "\${state.seen}", run: "\${run.ensemble}" }, state: { use: [seen] } }
`;
    const sub = `
ensemble: sub
input: { n: number }
agents:
  - { name: p, operation: http, config: { n: "\${input.n}", run: "\${run.ensemble}" } }
  - { name: q, operation: http, config: { p: "\${p.output}" } }
`;
    const { calls, found } = await compareGiven(text, { input: { x: 7 }, files: { part }, ensembles: { sub } });
    expect(Object.values(calls).flat()).toHaveLength(agents);
    expect(found).toEqual(calls);
  });

  test('variables stand for themselves, and secrets as the journal shows them', async () => {
    const run = await compareGiven(
      `
ensemble: e
agents:
  - { name: a, operation: http, config: { key: "\${env.TOKEN}", text: "as \${env.NAME}" } }
  - { name: b, operation: http, config: { key: "\${a.output.key}" } }
`,
      { env: { TOKEN: 'hunter2hunter2', NAME: 'bob' }, secrets: ['TOKEN'] },
    );
    expect(bodyOf(givenTo('a', run).config)).toEqual({ key: '[env TOKEN]', text: 'as [env NAME]' });
    expect(bodyOf(givenTo('b', run).config)).toEqual({ key: '[secret TOKEN]' });
  });

  test('of a code body it is what its expressions and the agents that it names gave', async () => {
    const run = await compareGiven(`
ensemble: e
agents:
  - { name: a, operation: http, config: { v: 5 } }
  - name: b
    operation: code
    input: { n: 2 }
    config:
      code: |
        return \${input.n} + \${a.output.v} + a.output.v + \`\${a.output.v}\`;
`);
    expect(givenTo('b', run)).toEqual({ input: { n: 2 }, reads: { '${input.n}': 2, '${a.output.v}': 5, 'a.output': { v: 5 } } });
  });

  test('what cannot be worked out is said, and why', async () => {
    const run = await compareGiven(
      'ensemble: e\nagents:\n  - { name: a, operation: http, config: { v: "${input.x.trim()}" }, onError: continue }\n',
    );
    expect(givenTo('a', run).problem).toContain('input.x');
    expect(findGiven(programOf('ensemble: e\nagents: [{ name: other, operation: log, config: { message: m } }]\n'), run.events, 1)).toEqual(
      {
        problem: 'The program of the run has no such agent.',
      },
    );
  });
});
