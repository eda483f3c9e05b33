import {
  anything,
  choose,
  config,
  conflict,
  duration,
  flag,
  freeMapping,
  listOrExpression,
  mapping,
  number,
  oneOf,
  reference,
  type Schema,
  text,
  textOrTexts,
} from './vocabulary.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** What must be there is for the compiler's rule to say: it knows the aliases, and the keys that stand beside `operation`. */
const required = (...keys: readonly string[]): Schema => ({ required: keys, 'x-left-to': 'missing-config' });

const binding = (kind: string): Schema => text(`The name of the ${kind} binding. Default: the first one of the configuration.`);
const status: Schema = {
  type: ['integer', 'string'],
  minimum: 100,
  maximum: 599,
  pattern: '\\$[{<]|^[1-5](?:\\d\\d|[xX][xX])$',
  'x-expected': 'a status such as 200, or 2xx',
};

const code = {
  code: text('The body of an async function: what it returns is the output. `${…}` becomes a bound value.'),
  script: text('A module file (.js or .ts) that `export default`s `(context) => …`. Other keys of the config are handed to it.'),
  network: flag('Allow the code to use `fetch`. Default: false.'),
};

const http = {
  url: text('The address, with http: or https:.'),
  method: {
    description: 'GET (default), HEAD, POST (default with a body), PUT, PATCH, DELETE or OPTIONS.',
    type: 'string',
    pattern: `\\$[{<]|^(?:${METHODS.flatMap((method) => [method, method.toLowerCase()]).join('|')})$`,
    examples: METHODS,
    'x-expected': `one of ${METHODS.join(', ')}`,
  },
  headers: freeMapping('Header fields by name.'),
  query: freeMapping('Parameters added to the URL; a list repeats its name.'),
  body: anything('What to send: a mapping or a list becomes JSON, a text is sent as it is.'),
  timeout: duration('How long to wait for the whole answer; 5 minutes where nothing says so.'),
  expect: {
    description: 'The statuses that are a success: one or a list; `2xx` stands for all of them. Default: 2xx.',
    type: ['integer', 'string', 'array'],
    if: { type: 'array' },
    then: { items: status },
    else: status,
  },
  allow_hosts: textOrTexts(
    'The only hosts that the request, and each redirect, may go to: `api.example.com`, `*.example.com`, with a port `api.example.com:8443`. Default: any.',
  ),
  redirect: oneOf(['follow', 'manual', 'error'], 'What to do with a redirect. Default: follow.'),
  as: oneOf(['json', 'text', 'base64'], 'How to read the body. Default: JSON when it says so, else text.'),
  response: oneOf(['body', 'full'], '`full` gives {status, headers, body} as output. Default: body.'),
};

const kv = {
  action: oneOf(['get', 'put', 'delete', 'list'], 'What to do.'),
  key: text('The key to get, put or delete.'),
  value: anything('What to put: a text as it is, anything else as JSON.'),
  default: anything('What `get` gives as value when the key does not exist. Default: null.'),
  prefix: text('`list`: only keys that begin so.'),
  limit: number('`list`: how many keys at most.', { minimum: 1, maximum: 1000, integer: true }),
  cursor: text('`list`: where to go on, from the `cursor` of the list before.'),
  expirationTtl: duration('`put`: how long to keep the key, at least 60 s.', 'seconds'),
  metadata: anything('`put`: a small JSON value kept beside the key.'),
  binding: binding('KV'),
};

const r2 = {
  action: oneOf(['get', 'put', 'delete', 'list', 'head'], 'What to do.'),
  key: text('The key of the object.'),
  value: anything('What to put: a text as it is, anything else as JSON.'),
  as: oneOf(['text', 'json', 'base64'], 'What the body is. Default: text.'),
  prefix: text('`list`: only objects whose keys begin so.'),
  limit: number('`list`: how many objects at most.', { minimum: 1, maximum: 1000, integer: true }),
  cursor: text('`list`: where to go on, from the `cursor` of the list before.'),
  httpMetadata: freeMapping('`put`: contentType, cacheControl, contentDisposition, …'),
  metadata: freeMapping('`put`: texts of your own kept with the object.'),
  binding: binding('R2'),
};

const params = listOrExpression({}, 'The values of the `?` in the query, in order. They are bound, never spliced.');
const statement: Schema = {
  type: ['object', 'string'],
  ...mapping('a statement', { query: text('SQL.'), sql: text('The same as `query`.'), params }, { allOf: [conflict('query', 'sql')] }),
  'x-expected': 'a mapping with `query` and `params`',
};
const d1 = {
  query: text('SQL with `?` for each parameter.'),
  sql: text('The same as `query`.'),
  params,
  statements: listOrExpression(
    { ...statement, type: ['object', 'string'] },
    'Several statements that run in one transaction: all of them or none.',
  ),
  action: text('Taken and ignored: what a query does, it says itself.'),
  binding: binding('D1'),
};

/** One query, or several in a transaction. */
const oneQuery: Schema = { allOf: ['query', 'sql', 'params'].map((key) => conflict(key, 'statements')).concat(conflict('query', 'sql')) };

const storageType = oneOf(['kv', 'd1', 'r2'], 'Which storage: kv (keys and values), d1 (SQL), r2 (files).');
const storage: Schema = {
  type: ['object', 'string'],
  description: 'What to read or write, and where.',
  'x-expected': 'a mapping or an expression',
  ...choose(
    [
      {
        key: 'type',
        value: 'kv',
        schema: config('the config of `storage` with `type: kv`', { type: storageType, ...kv }, required('action')),
      },
      { key: 'type', value: 'd1', schema: config('the config of `storage` with `type: d1`', { type: storageType, ...d1 }, oneQuery) },
      {
        key: 'type',
        value: 'r2',
        schema: config('the config of `storage` with `type: r2`', { type: storageType, ...r2 }, required('action')),
      },
    ],
    { properties: { type: storageType }, ...required('type') },
  ),
};

const think = {
  provider: oneOf(['openai', 'anthropic', 'workers-ai', 'openai-compatible'], 'Who runs the model.'),
  model: text('The name of the model.'),
  prompt: anything("The user's message."),
  system: anything('What the model is told about its role.'),
  messages: listOrExpression({}, 'Messages before the prompt: `{ role: system | user | assistant, content }`.'),
  temperature: number('How freely the model chooses its words.', { minimum: 0, maximum: 2 }),
  maxTokens: number('How many tokens the answer may have.', { minimum: 1, integer: true }),
  max_tokens: number('The same as `maxTokens`.', { minimum: 1, integer: true }),
  schema: anything('What the answer must satisfy: a JSON Schema or short forms. The output is then the validated object.'),
  tools: anything('Tools that the model may call.'),
  baseURL: text('The address of the server, for `openai-compatible` and proxies.'),
  apiKey: text('The API key. Default: the variable of the provider, such as OPENAI_API_KEY.'),
};

const transform = {
  value: anything('The value to shape: any template.'),
  merge: anything('A list of objects to merge (later ones win), or of lists to join.'),
  pick: anything('The fields to keep.'),
  omit: anything('The fields to leave out.'),
  rename: freeMapping('Old name → new name.'),
  defaults: freeMapping('Values for fields that are missing or null.'),
  filter: anything('Which items to keep: field → wanted value, list of values, or {eq ne gt gte lt lte in not_in contains exists}.'),
  sort: anything('A field, `-field` for descending order, a list of them, or true.'),
  limit: number('How many items at most.', { minimum: 0, integer: true }),
  dedupe: anything('true, a field or a list of fields: of equal items the first one stays.'),
};

const wait = {
  for: duration('How long to wait.'),
  until: anything('A time (ISO text or epoch milliseconds) to wait for.'),
  for_signal: text('The name of a signal to wait for, as `ensemble signal` sends it.'),
  timeout: duration('With `for_signal`: how long to wait for it; then the agent fails with `SIGNAL_TIMEOUT`.'),
};

const approval = {
  prompt: text('What is asked.'),
  data: anything('What the approver is shown.'),
  timeout: duration('How long to wait for an answer.'),
  on_timeout: oneOf(['fail', 'approve', 'reject'], 'What comes of it when nobody answers within `timeout`. Default: fail.'),
  approvers: listOrExpression({}, 'Who may answer.'),
};

const assert = {
  that: anything('The agent fails when this is falsy.'),
  message: text('What the failure says.'),
};

const log = {
  message: anything('What to log; anything but a text is written as JSON.'),
  level: oneOf(['debug', 'info', 'warn', 'error'], 'Default: info.'),
};

const data = {
  backend: oneOf(['d1'], 'Which database. Default: d1.'),
  ...d1,
};

/** Names of operations that an editor offers; which of them run is the compiler's to say. */
export const OPERATIONS = {
  code: 'Runs JavaScript in an isolate of its own.',
  http: 'Sends one request.',
  storage: 'Reads and writes KV, D1 and R2.',
  data: 'Runs SQL.',
  think: 'Asks a language model.',
  transform: 'Shapes a value without code.',
  wait: 'Waits, without keeping a process alive.',
  approval: 'Waits until a person answers.',
  hitl: 'The same as `approval`.',
  assert: 'Fails when something does not hold.',
  log: 'Writes a line to the log of the run.',
} as const;

const configOf = (operation: string, properties: Readonly<Record<string, Schema>>, extra: Schema = {}): Schema =>
  config(`the config of \`${operation}\``, properties, extra);

export const operationDefinitions: Readonly<Record<string, Schema>> = {
  codeConfig: choose([{ key: 'script', schema: reference('scriptConfig') }], configOf('code', code)),
  scriptConfig: configOf('code', code, { additionalProperties: true }),
  httpConfig: configOf('http', http, required('url')),
  storageConfig: storage,
  dataConfig: configOf('data', data, oneQuery),
  thinkConfig: configOf('think', think),
  transformConfig: configOf('transform', transform),
  waitConfig: configOf('wait', wait),
  approvalConfig: configOf('approval', approval),
  assertConfig: configOf('assert', assert, required('that')),
  logConfig: configOf('log', log, required('message')),
};

const settings = (name: string): Schema => ({ properties: { config: reference(name) } });

/** The config that fits the `operation` of a step; unknown operations take any. */
export const configByOperation: Schema = choose(
  [
    {
      key: 'operation',
      value: 'code',
      schema: choose([{ key: 'script', schema: settings('scriptConfig') }], settings('codeConfig')),
    },
    ...['http', 'storage', 'data', 'think', 'transform', 'wait', 'assert', 'log'].map((operation) => ({
      key: 'operation',
      value: operation,
      schema: settings(`${operation}Config`),
    })),
    { key: 'operation', value: ['approval', 'hitl'], schema: settings('approvalConfig') },
  ],
  {},
);

/** Where a setting belongs that an author put beside `operation`: operation → the keys of its config. */
export const CONFIG_KEYS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries({
    code,
    http,
    storage: { type: storageType, ...kv, ...d1, ...r2 },
    data,
    think,
    transform,
    wait,
    approval,
    hitl: approval,
    assert,
    log,
  }).map(([operation, properties]) => [operation, Object.keys(properties)]),
);
