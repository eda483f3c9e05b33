import { describe, expect, test } from 'vitest';
import { programOf } from '../../../runtime/engine/support/program-of.ts';
import { log } from '../../support/compile-text.ts';

/** What each top-level step waits for, by position. */
function dependenciesOf(rest: string, agentFiles: Readonly<Record<string, string>> = {}, ensembles: Readonly<Record<string, string>> = {}) {
  const { body } = programOf(`ensemble: test\nconcurrency: 4\n${rest}`, agentFiles, ensembles);
  return body.dependencies;
}

const value = (name: string, what: string, more = ''): string =>
  `{ name: ${name}, operation: transform, config: { value: "${what}" }, ${more} }`;
const kv = (name: string, binding = '', more = ''): string =>
  `{ name: ${name}, operation: storage, config: { type: kv, action: get, key: k, ${binding === '' ? '' : `binding: "${binding}"`} }, ${more} }`;
const agents = (...list: string[]): string => `agents:\n${list.map((agent) => `  - ${agent}\n`).join('')}`;

describe('what a top-level step waits for', () => {
  test('is nothing where nothing runs side by side', () => {
    expect(programOf(`ensemble: test\n${agents(value('a', 'x'))}`).body).not.toHaveProperty('dependencies');
  });

  test('are those whose results it reads, wherever it does', () => {
    const read = '${a.output}';
    const readers = [
      value('r1', read),
      value('r2', 'x', `condition: "${read}"`),
      value('r3', '${input.x}', `input: { x: "${read}" }`),
      value('r4', 'x', `state: { set: { k4: "${read}" } }`),
      value('r5', 'x', `cache: { key: "${read}" }`),
      value('r6', 'x', `loop: { items: "${read}" }`),
      value('r7', 'x', `loop: { items: [1], breakWhen: "${read}" }`),
      value('r8', 'x', `onError: [${value('h', read)}]`),
      value('r9', 'x', `compensate: { operation: log, config: { message: "${read}" } }`),
      '{ name: r10, operation: code, config: { code: "return a.output" } }',
      `{ type: branch, condition: "${read}", then: ${log('t1')} }`,
      `{ type: switch, value: "${read}", cases: { x: ${log('t2')} } }`,
      `{ type: while, condition: "${read}", steps: ${log('t3')} }`,
      `{ type: map-reduce, items: "${read}", map: ${log('t4')} }`,
      `{ parallel: [${value('t5', read)}] }`,
    ];
    const found = dependenciesOf(agents(value('a', 'x'), ...readers));
    expect(found).toEqual([[], ...readers.map(() => [0])]);
  });

  test('is a step that holds the agent, also by the name of the step', () => {
    const found = dependenciesOf(
      agents(
        `{ name: both, parallel: [${log('a')}, ${log('b')}] }`,
        log('c'),
        value('d', '${b?.output}'),
        value('e', '${both.output}'),
        value('f', '${c.output}'),
      ),
    );
    expect(found).toEqual([[], [], [0], [0], [1]]);
  });

  test('are those that `depends_on` names, by any name that they have', () => {
    const found = dependenciesOf(`${agents(log('a'), log('b', 'depends_on: a'), log('c'))}flow:
  - agent: a
  - { agent: a, id: again }
  - agent: b
  - { agent: c, depends_on: again }
`);
    expect(found).toEqual([[], [], [0, 1], [1]]);
  });

  test('are earlier writers of the state that it uses, and earlier readers and writers of what it sets', () => {
    const set = (name: string, key: string) => value(name, 'x', `state: { set: { ${key}: 1 } }`);
    const use = (name: string, key: string) => value(name, 'x', `state: { use: [${key}] }`);
    const found = dependenciesOf(agents(set('w1', 'k'), use('r1', 'k'), use('r2', 'k'), set('other', 'l'), set('w2', 'k'), use('r3', 'k')));
    expect(found).toEqual([[], [0], [0], [], [0, 1, 2], [4]]);
  });

  test('are all writers for one that sees the whole state, and such a one for each later writer', () => {
    const found = dependenciesOf(
      agents(
        value('w1', 'x', 'state: { set: { k: 1 } }'),
        value('w2', 'x', 'state: { set: { l: 1 } }'),
        value('all', '${state}', 'state: { use: [state] }'),
        `{ type: branch, condition: "\${state.k}", then: ${log('t')} }`,
        value('w3', 'x', 'state: { set: { m: 1 } }'),
      ),
    );
    expect(found).toEqual([[], [], [0, 1], [0, 1], [2, 3]]);
  });

  test('are those that touch the same binding', () => {
    const sql = '{ name: sql, operation: data, config: { query: select 1, binding: KV1 } }';
    expect(dependenciesOf(agents(kv('a', 'KV1'), kv('b', 'KV2'), kv('c', 'KV1'), sql, log('l')))).toEqual([[], [], [0], [], []]);
  });

  test('are all of a kind where one of them may be any binding', () => {
    const any = [kv('b', 'KV2'), kv('c'), kv('d', 'KV1'), '{ name: e, operation: storage, config: { type: r2, action: get, key: k } }'];
    expect(dependenciesOf(agents(kv('a', 'KV1'), ...any))).toEqual([[], [0], [1], [2], []]);
    expect(dependenciesOf(agents(kv('a', 'KV1'), kv('b', '${input.binding}'), kv('c', 'KV2')))).toEqual([[], [0], [1]]);
  });

  test('is not what shares nothing but the network or a cache', () => {
    const call = (name: string) => `{ name: ${name}, operation: http, config: { url: "https://x", method: POST }, cache: { ttl: 60 } }`;
    const fetches = (name: string) =>
      `{ name: ${name}, operation: code, config: { network: true, code: "return fetch('https://x').status" } }`;
    expect(dependenciesOf(agents(call('a'), call('b'), fetches('c'), fetches('d'), kv('e')))).toEqual([[], [], [], [], []]);
  });

  test('is not what the undoing of another step does, which runs when all is over', () => {
    const undo = `compensate: { operation: storage, config: { type: kv, action: delete, key: k }, state: { set: { k: 1 } } }`;
    expect(dependenciesOf(agents(value('a', 'x', undo), value('b', 'x', undo), value('c', '${state.k}', 'state: { use: [k] }')))).toEqual([
      [],
      [],
      [],
    ]);
  });
});

describe('an agent that runs a file', () => {
  const pure = 'agent: pure\noperation: transform\nconfig: { value: "${input}" }\n';
  const store =
    'agent: store\noperations:\n  - { name: put, operation: storage, config: { type: kv, action: put, key: k, value: 1, binding: KV } }\n';
  const counter = (key: string, backend = 'memory') =>
    `agent: counter\nstate: { backend: ${backend}, key: ${key}, schema: { n: number } }\noperations:\n  - { name: up, operation: log, config: { message: x }, state: { use: [n], set: { n: 1 } } }\n`;

  test('waits for none that shares nothing with it', () => {
    expect(dependenciesOf(agents('{ name: a, agent: pure }', '{ name: b, agent: pure }', kv('c')), { pure })).toEqual([[], [], []]);
  });

  test('counts with the storage that the file touches', () => {
    const found = dependenciesOf(agents(kv('a', 'KV'), '{ name: b, agent: store }', kv('c', 'OTHER'), '{ name: d, agent: outer }'), {
      store,
      outer: 'agent: outer\noperations:\n  - { name: inner, agent: store }\n',
    });
    expect(found).toEqual([[], [0], [], [1]]);
  });

  test('waits for one whose file sets the same state, with every backend', () => {
    const two = agents('{ name: a, agent: one }', '{ name: b, agent: two }', '{ name: c, agent: one }');
    expect(dependenciesOf(two, { one: counter('k1'), two: counter('k2') })).toEqual([[], [], [0]]);
    expect(dependenciesOf(two, { one: counter('k1', 'd1'), two: counter('k2', 'd1') })).toEqual([[], [], [0]]);
    expect(dependenciesOf(two, { one: counter('k1', 'd1'), two: counter('"${input.key}"', 'd1') })).toEqual([[], [0], [1]]);
  });

  test('waits for no other that runs the same ensemble, whose memory ends with it, but for one whose state lasts', () => {
    const child = (backend: string) =>
      `ensemble: child\nstate: { backend: ${backend}, schema: { n: number } }\nagents:\n  - { name: up, operation: log, config: { message: x }, state: { use: [n], set: { n: 1 } } }\n  - { name: one, agent: one }\n`;
    const two = agents('{ name: a, ensemble: child }', '{ name: b, ensemble: child }', '{ name: c, agent: one }');
    const one = counter('k1');
    expect(dependenciesOf(two, { one }, { child: child('memory') })).toEqual([[], [], []]);
    expect(dependenciesOf(two, { one }, { child: child('d1') })).toEqual([[], [0], []]);
  });

  test('touches the binding that holds the state of its file', () => {
    expect(dependenciesOf(agents('{ name: a, agent: one }', kv('b')), { one: counter('k1', 'kv') })).toEqual([[], [0]]);
  });

  test('waits for all that touches storage where its file runs itself', () => {
    const self = `ensemble: self\nconcurrency: 2\nagents:\n  - { name: deeper, ensemble: self, condition: "\${input.n}" }\n  - ${kv('k')}\n`;
    const program = programOf(`ensemble: test\n${agents('{ name: a, ensemble: self }')}`, {}, { self });
    expect(program.files['ensembles/self.yaml']?.body.dependencies).toEqual([[], [0]]);
  });
});

describe('what thousands of steps wait for', () => {
  const many = (make: (index: number) => string): string => agents(...Array.from({ length: 3_000 }, (_, index) => make(index)));
  const edges = (rest: string): number => dependenciesOf(rest)?.reduce((sum, list) => sum + list.length, 0) ?? 0;

  test('stays in proportion to them, whatever they share', () => {
    expect(edges(many((index) => value(`a${index}`, 'x')))).toBe(0);
    expect(edges(many((index) => value(`a${index}`, index === 0 ? 'x' : `\${a${index - 1}.output}`)))).toBe(2_999);
    expect(edges(many((index) => value(`a${index}`, 'x', 'state: { use: [k], set: { k: 1 } }')))).toBe(2_999);
    const wide = many((index) => value(`a${index}`, 'x', index % 2 === 0 ? `state: { set: { k${index}: 1 } }` : 'state: { use: [state] }'));
    expect(edges(wide)).toBeLessThan(3_000 * 600);
  });
});
