import type { Program } from '../../src/program/program.ts';
import { programOf } from '../runtime/engine/support/program-of.ts';

/*
 * Ensembles that have in them every kind of agent and every flow construct, and whose end does not depend on time or chance: an uninterrupted run of one is what every
 * crashed and resumed run must come to.
 */

const effect = (name: string, place: string, rest = ''): string =>
  `{ name: ${name}, operation: http, config: { method: POST, url: "\${env.SERVER}/${place}", body: { from: ${name} } }${rest} }`;

const AGENT_FILES = {
  enrich: `agent: enrich
inputs: { id: { type: string, required: true } }
state:
  backend: durable-object
  key: enrich
  schema: { seen: { type: array, default: [], reducer: append } }
operations:
  - { name: look, operation: http, config: { method: POST, url: "\${env.SERVER}/look/\${input.id}" } }
  - name: note
    operation: code
    config: { code: "return { id: input.id.toUpperCase() };" }
    state: { set: { seen: "\${note.output.id}" } }
outputs: { id: "\${note.output.id}", look: "\${look.output.path}" }
`,
  flaky: `agent: flaky
operations:
  - ${effect('first', 'flaky-first')}
  - ${effect('second', 'fails-once/second')}
outputs: { second: "\${second.output.path}" }
`,
};

const ENSEMBLES = {
  child: `ensemble: child
input: { n: { type: number, required: true } }
state:
  backend: kv
  key: child-\${input.n}
  persist: each
  schema: { total: { type: number, default: 0, reducer: add } }
agents:
  - { name: double, operation: code, config: { code: "return { value: input.n * 2 };" }, state: { set: { total: "\${double.output.value}" } } }
  - ${effect('tell', 'child', ', compensate: { operation: http, config: { method: POST, url: "${env.SERVER}/undo-child" } }')}
  - { name: more, operation: transform, config: { value: 5 }, state: { set: { total: "\${more.output}" } } }
output: { total: "\${state.total}" }
`,
};

const BODY = `
state:
  backend: d1
  key: everything
  persist: each
  schema:
    log: { type: array, default: [], reducer: append }
    count: { type: number, default: 0, reducer: add }
    latest: string
    secret: { type: string, secret: true }
agents:
  - { name: start, operation: transform, config: { value: { id: "\${crypto.randomUUID()}", at: "\${Date.now()}" } } }
  - { name: key, operation: code, config: { code: "return { value: 'hidden-' + 'value' };" }, state: { set: { secret: "\${key.output.value}" } } }
  - ${effect('post', 'post', ', retry: { maxAttempts: 3, initialDelay: 10ms, jitter: false }, state: { set: { log: "${post.output.path}", count: 1 } }')}
  - { name: retried, operation: http, config: { method: POST, url: "\${env.SERVER}/fails-once/retried" }, retry: { maxAttempts: 3, initialDelay: 20ms, jitter: false } }
  - { name: sends-secret, operation: http, config: { method: POST, url: "\${env.SERVER}/secret", headers: { authorization: "Bearer \${env.API_TOKEN}" }, body: { secret: "\${state.secret}" } }, state: { use: [secret] } }
  - { name: put, operation: storage, config: { type: kv, action: put, key: crash, value: { path: "\${post.output.path}" } } }
  - { name: get, operation: storage, config: { type: kv, action: get, key: crash } }
  - { name: table, operation: storage, config: { type: d1, query: "CREATE TABLE IF NOT EXISTS crashes (id TEXT PRIMARY KEY, n INTEGER)" } }
  - { name: row, operation: data, config: { backend: d1, query: "INSERT OR REPLACE INTO crashes (id, n) VALUES (?, ?)", params: [one, 1] } }
  - { name: object, operation: storage, config: { type: r2, action: put, key: crash.txt, value: "hello" } }
  - { name: model, operation: think, config: { provider: openai-compatible, baseURL: "\${env.SERVER}/v1", model: m, prompt: "say \${post.output.path}" } }
  - { name: pause, operation: wait, config: { for: 30ms } }
  - { name: ask, operation: approval, config: { prompt: go on? } }
  - { name: sure, operation: assert, config: { that: "\${ask.output.approved}" } }
  - { name: said, operation: log, config: { message: "asked \${ask.output.approved}" } }
  - { name: never, condition: "\${ask.output.approved == false}", operation: transform, config: { value: 1 } }
  - { name: file, agent: enrich, input: { id: "abc" } }
  - { name: sub, ensemble: child, input: { n: 4 } }
  - { name: retried-file, agent: flaky, retry: { maxAttempts: 3, initialDelay: 10ms, jitter: false } }
  - { name: cached, operation: http, config: { method: POST, url: "\${env.SERVER}/cached" }, cache: { ttl: 1h, key: k } }
  - name: handled
    operation: http
    config: { method: POST, url: "\${env.SERVER}/always-500" }
    onError:
      - ${effect('on-error', 'on-error')}
  - name: all
    type: parallel
    steps:
      - ${effect('left', 'left', ', state: { set: { log: left, count: 1 } }')}
      - ${effect('right', 'right', ', state: { set: { log: right, count: 2 } }')}
      - { name: middle, operation: code, config: { code: "return 'm';" }, state: { set: { log: middle } } }
  - name: any
    type: parallel
    waitFor: any
    steps:
      - { name: loses, operation: http, config: { method: POST, url: "\${env.SERVER}/always-404" } }
      - ${effect('wins', 'wins')}
  - name: first
    type: parallel
    waitFor: first
    steps:
      - ${effect('quick', 'quick')}
      - { name: slow, operation: wait, config: { for: 1h } }
  - name: which
    type: branch
    condition: \${start.output.id != null}
    then: [${effect('then-step', 'then')}]
    else: [${effect('else-step', 'else')}]
  - name: choice
    type: switch
    value: \${sub.output.total}
    cases:
      "13": [${effect('thirteen', 'thirteen')}]
    default: [${effect('other', 'other')}]
  - name: each
    type: foreach
    items: [1, 2, 3, 4]
    concurrency: 2
    steps:
      - name: item-post
        operation: http
        config: { method: POST, url: "\${env.SERVER}/item/\${item}" }
        state: { set: { log: "\${item-post.output.path}", count: "\${item}" } }
      - { name: item-file, agent: enrich, input: { id: "i\${item}" } }
  - { name: looped, operation: http, loop: { items: [a, b] }, config: { method: POST, url: "\${env.SERVER}/looped/\${item}" } }
  - name: again
    type: while
    condition: \${index < 3}
    steps:
      - { name: turn, operation: http, config: { method: POST, url: "\${env.SERVER}/turn/\${index}" } }
  - name: tried
    type: try
    steps:
      - ${effect('before-boom', 'before-boom')}
      - { name: boom, operation: http, config: { method: POST, url: "\${env.SERVER}/always-404?try" } }
    catch: [${effect('caught', 'caught')}]
    finally: [${effect('finally-step', 'finally')}]
  - name: mapped
    type: map-reduce
    items: [x, y, z]
    concurrency: 3
    map: { name: mapper, operation: http, config: { method: POST, url: "\${env.SERVER}/map/\${item}" } }
    reduce: { name: reducer, operation: transform, config: { value: "\${mapResults.map(r => r.path).join(',')}" } }
  - name: saga
    operation: http
    config: { method: POST, url: "\${env.SERVER}/saga" }
    compensate: { operation: http, config: { method: POST, url: "\${env.SERVER}/undo/\${saga.output.path}", body: { count: "\${state.count}" } }, state: { use: [count] } }
`;

const OUTPUT = `output:
  get: \${get.output.value}
  same: \${start.output.id == start.output.id}
  file: \${file.output}
  sub: \${sub.output}
  any: \${any.output}
  first: \${first.output}
  loses: \${loses.failed}
  each: \${each.output}
  looped: \${looped.output.map(one => one.path)}
  turns: \${again.output.length}
  tried: \${tried.output}
  mapped: \${mapped.output}
  row: \${row.output.success}
  model: \${model.output}
  choice: \${choice.output.path}
  never: \${never.skipped}
  handled: \${handled.failure.code}
  log: \${state.log}
  count: \${state.count}
`;

/** In order, to its end. */
export const SUCCEEDS: Program = programOf(`ensemble: everything\n${BODY}${OUTPUT}`, AGENT_FILES, ENSEMBLES);

/** The same, but its last agent fails, so that what succeeded is undone. */
export const FAILS: Program = programOf(
  `ensemble: everything\n${BODY}  - { name: fails, operation: http, config: { method: POST, url: "\${env.SERVER}/always-404?last" } }\n${OUTPUT}`,
  AGENT_FILES,
  ENSEMBLES,
);

/** What does not depend on each other runs side by side. */
export const BESIDE: Program = programOf(
  `ensemble: everything\nconcurrency: 4\n${BODY.replace('persist: each', 'persist: on_success')}${OUTPUT}`,
  AGENT_FILES,
  ENSEMBLES,
);
