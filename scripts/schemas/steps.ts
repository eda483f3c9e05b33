import { configByOperation, OPERATIONS } from './operations.ts';
import {
  anything,
  choose,
  conflict,
  described,
  duration,
  fixedOneOf,
  flag,
  listOrExpression,
  mapping,
  needs,
  number,
  reference,
  type Schema,
  text,
  textOrTexts,
  truth,
} from './vocabulary.ts';

const FLOW_TYPES = ['parallel', 'branch', 'switch', 'foreach', 'while', 'try', 'map-reduce'];

const seconds = (description: string): Schema => duration(description, 'seconds');
const delay = (description: string): Schema => duration(description, 'milliseconds', { 'x-left-to': 'invalid-duration' });
const attempts = number('How often to try at all.', { minimum: 1, maximum: 1000, integer: true }, { 'x-left-to': 'invalid-number' });

const retry: Schema = {
  description: 'What to do when the agent fails: a number of tries, or more exactly:',
  if: { type: 'object' },
  then: mapping(
    '`retry`',
    {
      maxAttempts: attempts,
      max_attempts: { ...attempts, description: 'The same as `maxAttempts`.' },
      attempts: { ...attempts, description: 'The same as `maxAttempts`.' },
      backoff: fixedOneOf(['exponential', 'linear', 'fixed'], 'How the delay grows. Default: exponential.'),
      initialDelay: delay('The delay before the second try.'),
      initial_delay: delay('The same as `initialDelay`.'),
      maxDelay: delay('The longest delay.'),
      max_delay: delay('The same as `maxDelay`.'),
      jitter: flag('Draw each delay at random from its upper half.'),
      retryOn: { description: 'Further HTTP statuses to try again.', type: 'array', items: { type: 'integer' } },
      retry_on: { description: 'The same as `retryOn`.', type: 'array', items: { type: 'integer' } },
    },
    {
      allOf: [
        conflict('maxAttempts', 'max_attempts'),
        conflict('maxAttempts', 'attempts'),
        conflict('max_attempts', 'attempts'),
        conflict('initialDelay', 'initial_delay'),
        conflict('maxDelay', 'max_delay'),
        conflict('retryOn', 'retry_on'),
      ],
    },
  ),
  else: { ...attempts, type: 'integer', 'x-expected': 'a number of tries, or a mapping such as { maxAttempts: 3 }' },
};

const limit = (description: string): Schema => duration(description, 'milliseconds', { 'x-left-to': 'invalid-duration' });
const ofEachTry = limit('The longest time of one try.');

const timeout: Schema = {
  description: 'The longest time of one try; `{ attempt, total }` also bounds all tries with the pauses between them.',
  if: { type: 'object' },
  then: mapping(
    '`timeout`',
    { attempt: ofEachTry, total: limit('The longest time of all tries with the pauses between them.') },
    needs('attempt', 'total'),
  ),
  else: { ...ofEachTry, 'x-expected': 'a duration such as 30s, or a mapping such as { attempt: 10s, total: 1m }' },
};

const shared = {
  description: text('For people.'),
  condition: truth('Falsy: the agent is skipped.'),
  when: truth('The same as `condition`.'),
  input: anything('Becomes `input` inside the config and code of the agent. Absent: the input of the run.'),
  inputs: anything('The same as `input`.'),
  state: reference('agentState'),
  retry: reference('retry'),
  timeout: reference('timeout'),
};

const settings = {
  config: anything('The settings of the operation; expressions may stand anywhere in it.'),
  prompt: anything('The same as `config.prompt`.'),
  model: text('The same as `config.model`.'),
  script: text('The same as `config.script`.'),
};

const handling = {
  onError: {
    description: 'fail (default): the run fails. continue: it goes on, with an undefined output. A list of agents: they run instead.',
    if: { type: 'array' },
    then: { items: reference('step') },
    else: { enum: ['fail', 'continue'], 'x-expected': '`fail`, `continue` or a list of agents' },
  },
  continue_on_error: flag('true: the same as `onError: continue`.'),
};

const work = {
  operation: fixedOneOf(
    Object.keys(OPERATIONS),
    `What the agent does. ${Object.entries(OPERATIONS)
      .map(([name, what]) => `${name}: ${what}`)
      .join(' ')}`,
    { 'x-left-to': 'unknown-operation', enumDescriptions: Object.values(OPERATIONS) },
  ),
  cache: {
    description: 'Keep the output and use it again for the same key.',
    ...mapping(
      '`cache`',
      {
        ttl: seconds('How long to keep it.'),
        key: text('What makes it the same. Default: config and input.'),
        binding: text('The KV binding that keeps it. Default: the first.'),
      },
      { 'x-expected': 'a mapping such as { ttl: 1h }' },
    ),
  },
  schema: {
    description: 'What the output must satisfy.',
    if: { type: 'string' },
    else: mapping('the `schema` of an agent', { output: anything('A JSON Schema, short forms, or the path of a schema file.') }),
  },
  ...settings,
};

const items = listOrExpression({}, 'The list to go through.');
const concurrency = number('How many at the same time. Default: 1.', { minimum: 1, integer: true });
const breakWhen = truth('Truthy: no further item is begun.');

const agent: Readonly<Record<string, Schema>> = {
  name: text('The name for expressions: unique, letters, digits, `_` and `-`.'),
  agent: text('The agent file to run: agents/<name>/agent.yaml or agents/<name>.yaml; `name@^1.2` for the highest version in a range.'),
  ensemble: text('The other ensemble to run, with `input` as its input: its name, `name@^1.2`, or a path relative to this file.'),
  type: fixedOneOf(['agent', ...FLOW_TYPES], 'What kind of step: an agent (default) or a flow step.'),
  ...shared,
  ...work,
  ...handling,
  on_error: { ...handling.onError, description: 'The same as `onError`.' },
  loop: {
    description: 'Run the agent for each item; `item` and `index` are its own.',
    ...mapping(
      '`loop`',
      { items, concurrency, breakWhen },
      { required: ['items'], 'x-expected': 'a mapping such as { items: ${input.rows} }' },
    ),
  },
  compensate: described('compensation', 'What undoes the agent when the run fails later.'),
  depends_on: textOrTexts('Agents to wait for when agents run side by side.'),
};

/** What undoes an agent runs once and is not undone: it has no loop, is taken from no cache and waits for nobody. */
const { loop: _loop, cache: _cache, compensate: _compensate, depends_on: _dependsOn, ...once } = agent;

const agentRules = [
  conflict('condition', 'when'),
  conflict('input', 'inputs'),
  conflict('onError', 'on_error'),
  conflict('onError', 'continue_on_error'),
  conflict('operation', 'agent'),
  conflict('operation', 'ensemble'),
  conflict('agent', 'ensemble'),
];

const flow = (title: string, properties: Readonly<Record<string, Schema>>, extra: Schema = {}): Schema =>
  mapping(
    title,
    { type: fixedOneOf(FLOW_TYPES, 'The kind of flow step.'), name: agent.name as Schema, description: text('For people.'), ...properties },
    extra,
  );

/** The flow steps over `step`, the definition of what may stand in them (LANGUAGE §6.1). */
function flowCases(step: string): Parameters<typeof choose>[0] {
  const steps = (description: string): Schema => ({
    description,
    if: { type: 'object' },
    then: reference(step),
    else: { type: 'array', items: reference(step), 'x-expected': 'a list of steps' },
  });
  const waitFor = fixedOneOf(['all', 'any', 'first'], 'all (default): every step; any: the first success; first: the first to finish.');
  const one = { step: steps('What to do for each item.'), steps: steps('What to do for each item, in order.') };
  const parallel = { steps: steps('Steps that run side by side.'), waitFor };
  return [
    {
      key: 'parallel',
      schema: flow('a `parallel` step', {
        type: fixedOneOf(['parallel'], 'The kind of flow step.'),
        parallel: steps('Steps that run side by side.'),
        waitFor,
      }),
    },
    { key: 'type', value: 'parallel', schema: flow('a `parallel` step', parallel, { required: ['steps'] }) },
    {
      key: 'type',
      value: 'branch',
      schema: flow(
        'a `branch` step',
        { condition: truth('Which way to go.'), then: steps('Steps when it holds.'), else: steps('Steps when it does not.') },
        { required: ['condition', 'then'] },
      ),
    },
    {
      key: 'type',
      value: 'switch',
      schema: flow(
        'a `switch` step',
        {
          value: anything('The value that decides.'),
          cases: {
            description: 'Value → steps.',
            type: 'object',
            additionalProperties: steps('Steps for this value.'),
            'x-expected': 'a mapping such as { paid: [ … ] }',
          },
          default: steps('Steps for any other value.'),
        },
        { required: ['value', 'cases'] },
      ),
    },
    {
      key: 'type',
      value: 'foreach',
      schema: flow(
        'a `foreach` step',
        { items, ...one, concurrency, breakWhen },
        {
          required: ['items'],
          ...needs('steps', 'step'),
          allOf: [conflict('steps', 'step')],
        },
      ),
    },
    {
      key: 'type',
      value: 'while',
      schema: flow(
        'a `while` step',
        {
          condition: truth('Goes on while it holds.'),
          steps: steps('What to repeat.'),
          maxIterations: number('How often at most. Default: 1,000.', { minimum: 1, integer: true }),
        },
        { required: ['condition', 'steps'] },
      ),
    },
    {
      key: 'type',
      value: 'try',
      schema: flow(
        'a `try` step',
        {
          steps: steps('Steps that may fail.'),
          catch: steps('Steps when one failed; `error` tells why.'),
          finally: steps('Steps that run in any case.'),
        },
        { required: ['steps'] },
      ),
    },
    {
      key: 'type',
      value: 'map-reduce',
      schema: flow(
        'a `map-reduce` step',
        { items, map: steps('Steps for each item.'), reduce: steps('Steps over `mapResults`.'), concurrency },
        { required: ['items', 'map'] },
      ),
    },
  ];
}

const notMapping: Schema = { type: 'object', 'x-expected': 'a mapping such as `- name: …`' };

/** An agent of an agent file that has only one: its settings stand at the top of the file. */
export const singleAgentKeys: Readonly<Record<string, Schema>> = { ...work, retry: shared.retry, timeout: shared.timeout };

export const stepDefinitions: Readonly<Record<string, Schema>> = {
  retry,
  timeout,
  agentStep: { ...mapping('an agent', agent, { allOf: [...agentRules, configByOperation] }), ...needs('name', 'agent') },
  compensation: {
    ...mapping(
      '`compensate`',
      { ...once, name: text('A name, for events.') },
      { allOf: [...agentRules, configByOperation], 'x-expected': 'a mapping such as { operation: http, config: … }' },
    ),
    ...needs('operation', 'agent', 'ensemble'),
  },
  step: { ...notMapping, ...choose(flowCases('step'), reference('agentStep')) },
  flowAgent: mapping(
    'a step of `flow`',
    {
      agent: text('An agent that `agents:` defines.'),
      id: text('The name for its results, when the same agent runs more than once.'),
      ...shared,
      depends_on: agent.depends_on as Schema,
    },
    { required: ['agent'], allOf: [conflict('condition', 'when'), conflict('input', 'inputs')] },
  ),
  flowStep: {
    ...notMapping,
    'x-expected': 'a mapping such as `- agent: …`',
    ...choose(
      [...flowCases('flowStep'), ...['name', 'operation', 'ensemble', 'type'].map((key) => ({ key, schema: reference('agentStep') }))],
      reference('flowAgent'),
    ),
  },
};
