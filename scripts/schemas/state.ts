import { anything, duration, EXPRESSION, fixedOneOf, freeMapping, mapping, type Schema, text } from './vocabulary.ts';

const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'any', 'null'];
const REDUCERS = ['replace', 'append', 'merge', 'add', 'min', 'max', 'union'];

/** A type name, or a mapping: a JSON Schema, or property names with short forms again. */
const shortForm = (properties: Readonly<Record<string, Schema>>, description: string): Schema => ({
  description,
  if: { type: 'object' },
  then: { properties },
  else: {
    type: ['string', 'boolean', 'null'],
    enum: [...TYPES, true, null],
    'x-left-to': 'unknown-type',
    'x-expected': 'a type name or a JSON Schema',
  },
});

/** A short form may have a property that is called like one of our settings: `{ reducer: string }`. Then it says a type. */
const setting = (values: readonly unknown[], description: string): Schema => ({
  description,
  if: { type: 'object' },
  else: { enum: [...values, ...TYPES], 'x-expected': `one of ${values.join(', ')}` },
});

const annotations = {
  type: { description: `${TYPES.join(', ')}, or a list of them.` },
  description: anything('For people and for editors.'),
  default: anything('The value when none is given.'),
};

const scope = {
  backend: fixedOneOf(['memory', 'kv', 'd1', 'durable-object'], 'Where the state lives. Default: memory, which keeps nothing.'),
  key: text('The scope: runs with the same key share the state. Default: the name of the ensemble.'),
  binding: text('Which KV or D1 binding. Default: the first one.'),
  schema: {
    description: 'The keys of the state. With a schema other keys are refused and a value of a wrong type fails the agent.',
    type: 'object',
    additionalProperties: {
      $ref: '#/definitions/stateKey',
    },
  },
  initial: freeMapping('First values.'),
  persist: fixedOneOf(
    ['on_success', 'each', 'always'],
    'When to write: at the end of a successful run (default), after each agent, at the end of any run.',
  ),
  on_conflict: fixedOneOf(['merge', 'fail', 'overwrite'], 'When another run changed the scope meanwhile. Default: merge.'),
};

const access = {
  use: {
    description: 'The keys that the agent reads. `[state]` is the whole object.',
    type: 'array',
    items: { type: 'string' },
    'x-expected': 'a list of state keys such as [total, errors]',
  },
  set: {
    description:
      'The keys that the agent writes: key → expression, evaluated after it succeeded; or a list of same-named fields of its output.',
    type: ['object', 'array', 'string'],
    items: { type: 'string' },
    'x-expected': 'a mapping of key to expression, or a list of keys',
  },
};

/** A mapping of fields may have one called `type` or `items`; both signs together make it a JSON Schema of all the input (see schema-forms.ts). */
const wholeSchema: Schema = {
  properties: { type: { const: 'object' } },
  required: ['type'],
  anyOf: ['properties', 'additionalProperties', 'patternProperties', 'allOf', 'anyOf', 'oneOf', '$ref', '$defs', 'definitions'].map(
    (keyword) => ({
      required: [keyword],
    }),
  ),
};

export const stateDefinitions: Readonly<Record<string, Schema>> = {
  field: shortForm(
    { ...annotations, required: anything('true: the value must be given.') },
    'A type name (`string`), or a JSON Schema; `required: true` and `default` may stand inside.',
  ),
  fields: {
    description: 'What a run takes: each key is a type name or a JSON Schema. Absent: any object.',
    type: 'object',
    if: wholeSchema,
    then: {
      properties: {
        properties: { description: 'The fields of a JSON Schema.', type: 'object', additionalProperties: { $ref: '#/definitions/field' } },
      },
    },
    else: { additionalProperties: { $ref: '#/definitions/field' } },
  },
  stateKey: shortForm(
    {
      ...annotations,
      reducer: {
        description:
          'How a written value joins the present one: a word, or an expression of `current` and `incoming`, such as ${(current ?? 0) + incoming}. Default: replace.',
        if: { type: 'object' },
        else: {
          if: { type: 'string', pattern: EXPRESSION },
          else: { enum: [...REDUCERS, ...TYPES], 'x-expected': `one of ${REDUCERS.join(', ')}, or an expression of current and incoming` },
        },
      },
      valid_for: {
        ...duration('Past it the key reads as undefined.', 'milliseconds'),
        type: ['string', 'number', 'object'],
        'x-left-to': 'invalid-duration',
      },
      secret: setting([true, false], 'Redact the value in events, logs and reports.'),
    },
    'A type name, or a JSON Schema with `default`, `reducer`, `valid_for` and `secret`.',
  ),
  state: { description: 'The state that the agents share.', ...mapping('`state`', scope) },
  agentState: { description: 'What the agent reads and writes of the state.', ...mapping('the `state` of an agent', access) },
  agentFileState: {
    description: 'The state of its own that the agent file has; with one `operation` also what it reads (`use`) and writes (`set`).',
    ...mapping('the `state` of an agent file', { ...scope, ...access }),
  },
};
