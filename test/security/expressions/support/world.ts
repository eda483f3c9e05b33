/** An ensemble with an expression at each kind of place where one may stand, in the delimiters of either dialect. That no kind is missing is for places.test.ts to see. */
export const writeWorld = (e: (expression: string) => string): string => `
ensemble: world
state:
  backend: memory
  key: 'scope ${e('input.text')}'
  schema:
    kept: any
    joined: { type: any, reducer: '${e('incoming')}' }
  initial: { kept: '${e('input.text')}' }
limits: { max_steps: '${e('input.steps')}', max_tokens: '${e('input.steps')}', max_cost_usd: '${e('input.steps')}', max_duration: '${e('input.duration')}' }
agents:
  - name: plain
    operation: transform
    condition: '${e('input.text')}'
    input: { given: ['${e('input.text')}'] }
    config: { value: '${e('input.given')}', defaults: { a: '${e('input.given')}' } }
    state: { use: [kept], set: { kept: '${e('plain.output')}', joined: '${e('plain.output')}' } }
    cache: { ttl: 1h, key: 'k ${e('input.text')}' }
  - { name: whole, operation: transform, config: '${e('input.config')}' }
  - { name: body, operation: code, config: { code: "return '${e('input.text')}'" } }
  - { name: web, operation: http, config: { url: 'http://h.test/${e('input.text')}', method: POST, headers: { x-a: '${e('input.word')}' }, body: { a: '${e('input.text')}' } } }
  - { name: row, operation: data, onError: continue, config: { backend: d1, query: 'SELECT ?', params: ['${e('input.text')}'] } }
  - { name: put, operation: storage, onError: continue, config: { type: kv, action: put, key: 'k ${e('input.text')}', value: '${e('input.text')}' } }
  - { name: model, operation: think, config: { provider: openai, model: m, prompt: 'p ${e('input.text')}' } }
  - { name: said, operation: log, config: { message: 'm ${e('input.text')}', level: info } }
  - { name: file, agent: helper, input: { given: '${e('input.text')}' } }
  - { name: child, ensemble: child, input: { given: '${e('input.text')}' } }
  - { name: looped, operation: transform, condition: '${e('input.text')}', loop: { items: '${e('input.list')}' }, config: { value: '${e('item')}' } }
  - type: foreach
    items: '${e('input.list')}'
    breakWhen: '${e('input.no')}'
    steps: [{ name: each, operation: transform, config: { value: '${e('item')}' } }]
  - type: branch
    condition: '${e('input.text')}'
    then: [{ name: then, operation: transform, config: { value: '${e('input.text')}' } }]
  - type: switch
    value: '${e('input.word')}'
    cases: { word: [{ name: case, operation: transform, config: { value: '${e('input.text')}' } }] }
  - type: while
    condition: '${e('input.no')}'
    maxIterations: 2
    steps: [{ name: turn, operation: transform, config: { value: 1 } }]
  - type: map-reduce
    items: '${e('input.list')}'
    map: [{ name: mapped, operation: transform, config: { value: '${e('item')}' } }]
    reduce: [{ name: reduced, operation: transform, config: { value: '${e('mapResults')}' } }]
  - type: try
    steps: [{ name: breaks, operation: assert, config: { that: '${e('input.no')}', message: 'm ${e('input.text')}' } }]
    catch: [{ name: caught, operation: transform, config: { value: '${e('error')}' } }]
  - name: handled
    operation: assert
    config: { that: false }
    onError: [{ name: handler, operation: transform, config: { value: '${e('error.message')}' } }]
  - name: paid
    operation: transform
    config: { value: 1 }
    compensate: { name: undo, operation: transform, config: { value: '${e('paid.output')}' } }
  - { name: claim, operation: assert, config: { that: '${e('input.fails')}' } }
output:
  - when: '${e('input.text')}'
    status: '${e('input.status')}'
    headers: { x-a: '${e('input.word')}' }
    body: { text: '${e('input.text')}', plain: '${e('plain.output')}' }
trigger:
  - { type: cron, cron: '0 * * * *', input: { a: '${e('env.NAME')}' } }
  - { type: webhook, path: /hook, auth: { type: bearer, secret: '${e('env.SECRET')}' } }
`;

export const writeHelper = (e: (expression: string) => string): string => `
agent: helper
inputs: { given: string }
state: { schema: { own: any }, initial: { own: '${e('input.given')}' } }
operations:
  - { name: inside, operation: transform, config: { value: '${e('input.given')}' }, state: { set: { own: '${e('inside.output')}' } } }
outputs: { a: '${e('inside.output')}' }
`;

export const writeChild = (e: (expression: string) => string): string => `
ensemble: child
agents:
  - { name: inside, operation: transform, config: { value: '${e('input.given')}' } }
output: '${e('inside.output')}'
`;
