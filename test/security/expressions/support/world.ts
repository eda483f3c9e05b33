/**
 * What is attacked: ensembles, the first of which runs all others, with a place on a line of its own for each kind of place where an expression may stand. No place hinders the
 * others, whatever its value is or does: each agent goes on after its failure, each flow step is in a `try` of its own. `at` writes what stands at a place: a text in quotes of which
 * the place is the end. Its `root` is what expressions can read there.
 */
export interface World {
  readonly main: string;
  /** They run by themselves too: limits, state and output of a run are not those of an ensemble that another one runs. */
  readonly ensembles: Readonly<Record<string, string>>;
  readonly agentFiles: Readonly<Record<string, string>>;
}

export type Root = 'input' | 'incoming' | 'env';
export type WriteAt = (root: Root, before?: string) => string;

/** In the name and path of the expressions of `writePlaces`, by which they are told from those that only prepare a place. */
export const MARK = 'place';

/** The world whose places are marked. */
export function markedWorld(): World {
  return writeWorld((root, before = '') => `'${before}\${${root}.${MARK}}'`);
}

export function writeWorld(at: WriteAt): World {
  const input = (before?: string) => at('input', before);
  let count = 0;
  const value = (text: string) => `{ name: n${++count}, operation: transform, config: { value: ${text} } }`;
  const one = () => value('1');
  const fails = () => `{ name: n${++count}, operation: assert, config: { that: false } }`;
  const tried = (step: string) => `  - { type: try, steps: [${step}], catch: [${one()}] }`;
  const agent = (rest: string) => `  - { name: n${++count}, onError: continue, ${rest} }`;
  const operation = (name: string, config: string) => agent(`operation: ${name}, config: ${config}`);
  const main = [
    'ensemble: world',
    'state:',
    '  schema:',
    '    kept: any',
    `    joined: { type: any, reducer: ${at('incoming')} }`,
    'agents:',
    agent(`operation: transform, config: { value: 1 }, condition: ${input()}`),
    agent(`operation: transform, config: { value: 1 }, input: { given: [${input()}] }`),
    agent(`operation: transform, config: { value: 1 }, input: ${input()}`),
    operation('transform', `{ value: ${input()} }`),
    operation('transform', `{ value: ${input('text ')} }`),
    operation('transform', `{ value: 1, defaults: { a: ${input()} } }`),
    operation('transform', input()),
    agent(`operation: transform, config: { value: 1 }, state: { set: { kept: ${input()} } }`),
    "  - { name: joins, onError: continue, operation: transform, config: { value: '${input}' }, state: { set: { joined: '${joins.output}' } } }",
    agent(`operation: transform, config: { value: 1 }, cache: { ttl: 1h, key: ${input('k ')} }`),
    operation('code', `{ code: ${input('return ')} }`),
    operation('http', `{ url: ${input('http://h.test/')} }`),
    operation('http', `{ url: http://h.test/, method: POST, headers: { x-a: ${input()} }, body: 1 }`),
    operation('http', `{ url: http://h.test/, method: POST, body: { a: ${input()} } }`),
    operation('data', `{ backend: d1, query: 'SELECT ?', params: [${input()}] }`),
    operation('storage', `{ type: kv, action: put, key: ${input('k ')}, value: a }`),
    operation('storage', `{ type: kv, action: put, key: a, value: ${input()} }`),
    operation('think', `{ provider: openai, model: m, prompt: ${input('p ')} }`),
    operation('log', `{ message: ${input('m ')}, level: info }`),
    operation('assert', `{ that: ${input()} }`),
    operation('assert', `{ that: false, message: ${input('m ')} }`),
    agent(`agent: helper, input: { given: ${input()} }`),
    agent(`ensemble: child, input: { given: ${input()} }`),
    agent(`operation: transform, config: { value: 1 }, loop: { items: ${input()} }`),
    agent(`operation: transform, config: { value: 1 }, loop: { items: [1, 2], breakWhen: ${input()} }`),
    agent(`operation: transform, config: { value: 1 }, condition: ${input()}, loop: { items: [1, 2] }`),
    agent(`operation: transform, config: { value: ${input()} }, loop: { items: [1, 2] }`),
    tried(`{ type: foreach, items: ${input()}, steps: [${one()}] }`),
    tried(`{ type: foreach, items: [1, 2], breakWhen: ${input()}, steps: [${one()}] }`),
    tried(`{ type: foreach, items: [1, 2], steps: [${value(input())}] }`),
    tried(`{ type: branch, condition: ${input()}, then: [${one()}], else: [${one()}] }`),
    tried(`{ type: switch, value: ${input()}, cases: { text: [${one()}] }, default: [${one()}] }`),
    tried(`{ type: while, condition: ${input()}, maxIterations: 2, steps: [${one()}] }`),
    tried(`{ type: map-reduce, items: ${input()}, map: [${one()}], reduce: [${one()}] }`),
    tried(`{ type: map-reduce, items: [1, 2], map: [${value(input())}], reduce: [${one()}] }`),
    tried(`{ type: map-reduce, items: [1, 2], map: [${one()}], reduce: [${value(input())}] }`),
    tried(`{ parallel: [${value(input())}, ${one()}] }`),
    tried(`{ type: try, steps: [${value(input())}], catch: [${one()}] }`),
    tried(`{ type: try, steps: [${fails()}], catch: [${value(input())}] }`),
    tried(`{ type: try, steps: [${one()}], catch: [], finally: [${value(input())}] }`),
    `  - { name: n${++count}, operation: assert, config: { that: false }, onError: [{ type: try, steps: [${value(input())}], catch: [${one()}] }] }`,
    ...Object.keys(writeEnsembles(at)).map((name) => agent(`ensemble: ${name}, input: '\${input}'`)),
    ...['helper', 'opens'].map((name) => agent(`agent: ${name}, input: '\${input}'`)),
    'trigger:',
    `  - { type: cron, cron: '0 * * * *', input: { a: ${at('env')} } }`,
    `  - { type: webhook, path: /hook, auth: { type: bearer, secret: ${at('env')} } }`,
    `  - { type: http, path: /orders, auth: { type: basic, secret: ${at('env', 'user:')} } }`,
  ];
  return { main: main.join('\n'), ensembles: writeEnsembles(at), agentFiles: writeAgentFiles(at) };
}

function writeEnsembles(at: WriteAt): Readonly<Record<string, string>> {
  const one = '{ name: one, operation: transform, config: { value: 1 } }';
  const undone = `{ name: paid, operation: transform, config: { value: 1 }, compensate: { name: undo, operation: transform, config: { value: ${at('input')} } } }`;
  const ensembles: Readonly<Record<string, string>> = {
    child: `agents: [${one}]\noutput: ${at('input')}`,
    'state-key': `state: { schema: { kept: any }, key: ${at('input', 'scope ')} }\nagents: [${one}]`,
    'state-initial': `state: { schema: { kept: any }, initial: { kept: ${at('input')} } }\nagents: [${one}]`,
    'max-steps': `limits: { max_steps: ${at('input')} }\nagents: [${one}]`,
    'max-tokens': `limits: { max_tokens: ${at('input')} }\nagents: [${one}]`,
    'max-cost': `limits: { max_cost_usd: ${at('input')} }\nagents: [${one}]`,
    'max-duration': `limits: { max_duration: ${at('input')} }\nagents: [${one}]`,
    when: `agents: [${one}]\noutput:\n  - when: ${at('input')}\n    body: 1`,
    status: `agents: [${one}]\noutput:\n  - status: ${at('input')}\n    body: 1`,
    headers: `agents: [${one}]\noutput:\n  - headers: { x-a: ${at('input')} }\n    body: 1`,
    body: `agents: [${one}]\noutput:\n  - body: { a: ${at('input')} }`,
    undo: `agents:\n  - ${undone}\n  - { name: fails, operation: assert, config: { that: false } }`,
  };
  return Object.fromEntries(Object.entries(ensembles).map(([name, text]) => [name, `ensemble: ${name}\n${text}\n`]));
}

function writeAgentFiles(at: WriteAt): Readonly<Record<string, string>> {
  const agentFile = (name: string, rest: string) => `agent: ${name}\ninputs: { given: any }\n${rest}\n`;
  return {
    helper: agentFile(
      'helper',
      `operations:\n  - { name: inside, operation: transform, onError: continue, config: { value: ${at('input')} } }\noutputs:\n  a: ${at('input')}`,
    ),
    opens: agentFile(
      'opens',
      `state:\n  schema: { own: any }\n  initial: { own: ${at('input')} }\noperations:\n  - { name: inside, operation: transform, config: { value: 1 } }`,
    ),
  };
}
