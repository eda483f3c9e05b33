import { ENGINES } from '../../src/program/deployment.ts';
import { configByOperation, operationDefinitions } from './operations.ts';
import { stateDefinitions } from './state.ts';
import { singleAgentKeys, stepDefinitions } from './steps.ts';
import { triggerDefinitions, triggers } from './triggers.ts';
import {
  anything,
  conflict,
  described,
  duration,
  fixedOneOf,
  listOf,
  mapping,
  needs,
  number,
  reference,
  type Schema,
  text,
} from './vocabulary.ts';

const definitions = { ...stateDefinitions, ...operationDefinitions, ...stepDefinitions, ...triggerDefinitions };
const HEAD = { $schema: 'http://json-schema.org/draft-07/schema#' };

const about = {
  description: text('For people.'),
  version: text('For people and for stored runs.'),
};
const inputs = {
  input: reference('fields'),
  inputs: described('fields', 'The same as `input`.'),
};
const outputs = {
  output: anything(
    'What a run hands back: a template, or a list of `when status headers body` blocks. Absent: the output of the last agent.',
  ),
  outputs: anything('The same as `output`.'),
};
const limit = (description: string, integer: boolean): Schema =>
  number(description, { minimum: 0, integer }, { 'x-left-to': 'invalid-number' });

export const ensembleSchema: Schema = {
  ...HEAD,
  description: 'An ensemble: agents that run in order over a shared state.',
  ...mapping(
    'an ensemble',
    {
      ensemble: text('The name: a letter or underscore, then letters, digits, `_`, `-`.'),
      name: text('The same as `ensemble`.'),
      ...about,
      ...inputs,
      state: reference('state'),
      agents: listOf(reference('step'), 'The agents, in the order in which they run.'),
      flow: listOf(reference('flowStep'), 'The order in which the agents of `agents:` run, when it is not the listed one.'),
      ...outputs,
      limits: {
        description: 'What a run may use; beyond it, it fails.',
        ...mapping('`limits`', {
          max_duration: duration('The longest time of a run.', 'milliseconds', { 'x-left-to': 'invalid-duration' }),
          max_steps: limit('The most steps.', true),
          max_tokens: limit('The most tokens of language models.', true),
          max_cost_usd: limit('The highest cost of language models, in US dollars.', false),
        }),
      },
      engine: fixedOneOf(
        ENGINES,
        'What runs it. Default: the `engine` of ensemble.config.yaml, else durable-object. workflows: Cloudflare Workflows, each agent a step of it.',
      ),
      concurrency: number('How many independent agents run at the same time. Default: 1.', { minimum: 1, integer: true }),
      trigger: triggers,
      triggers: { ...triggers, description: 'The same as `trigger`.' },
    },
    { allOf: [conflict('ensemble', 'name'), conflict('input', 'inputs'), conflict('output', 'outputs'), conflict('trigger', 'triggers')] },
  ),
  ...needs('ensemble', 'name'),
  definitions,
};

export const agentSchema: Schema = {
  ...HEAD,
  description: 'An agent file: one operation, or several, under a name that ensembles refer to.',
  ...mapping(
    'an agent file',
    {
      agent: text('The name: a letter or underscore, then letters, digits, `_`, `-`.'),
      name: text('The same as `agent`.'),
      ...about,
      ...inputs,
      state: reference('agentFileState'),
      operations: listOf(reference('step'), 'The steps, in the order in which they run.'),
      agents: listOf(reference('step'), 'The same as `operations`.'),
      ...singleAgentKeys,
      ...outputs,
    },
    {
      allOf: [
        conflict('agent', 'name'),
        conflict('input', 'inputs'),
        conflict('output', 'outputs'),
        conflict('operations', 'agents'),
        conflict('operation', 'operations'),
        configByOperation,
      ],
    },
  ),
  ...needs('agent', 'name'),
  definitions: Object.fromEntries(
    Object.entries(definitions).filter(([name]) => !['state', 'trigger', 'flowStep', 'flowAgent'].includes(name)),
  ),
};
