import type { JsonSchema } from '../../program/json.ts';
import { compileCodeBody } from '../code/code-body.ts';
import type { Located, LocatedMapping } from '../document/located.ts';
import type { ProjectIndex } from '../project-index.ts';
import { readSchema } from './agent-model.ts';
import type { AgentModel, BodyModel, SetModel } from './body-model.ts';
import { asWord, Fields, hasExpression } from './fields.ts';
import type { Findings } from './findings.ts';
import { mapLimits } from './map-limits.ts';
import { parseReducers } from './parse-reducers.ts';
import type { ParsedAgent, ParsedBody, ParsedCode, ParsedOutput, ParsedResponse, ParsedStepValues, ResponsePart } from './parsed-body.ts';
import type { ParsedValue } from './read.ts';
import { readableNames } from './readable-names.ts';
import { everyStep, type FlowRunModel, type FlowStepModel, type StepModel } from './step-model.ts';
import { createValueParser, type ValueParser } from './value-parser.ts';

/** Keys of a code agent's config that say what its code is; the rest of the config is data for a script. */
const CODE_SETTINGS = new Set(['code', 'script', 'network']);
const RESPONSE_PARTS: readonly ResponsePart[] = ['when', 'status', 'headers', 'body'];

/** Parses every expression and code body of a model. What is wrong in them goes to `findings`; the result is complete all the same. */
export function parseBodyValues(model: BodyModel, project: ProjectIndex, findings: Findings): ParsedBody {
  const parser = createValueParser(readableNames(model));
  const parse = (located: Located): ParsedValue => {
    const parsed = parser.value(located);
    findings.add(parsed.diagnostics);
    return parsed;
  };
  const { state, output } = model;
  return {
    model,
    agents: model.agents.map((agent) => parseAgent(agent, { model, project, findings, parser, parse })),
    stepValues: parseSteps(model, parse),
    ...(state.key !== undefined && { stateKey: parse(state.key) }),
    ...(state.initial !== undefined && { stateInitial: parse(state.initial) }),
    stateReducers: parseReducers(state, findings),
    ...(output !== undefined && { output: parseOutput(output, parse) }),
    triggers: model.triggers.map(parse),
    limits: mapLimits(model.limits, (limit) => (typeof limit === 'number' ? limit : parse(limit))),
  };
}

interface Context {
  readonly model: BodyModel;
  readonly project: ProjectIndex;
  readonly findings: Findings;
  readonly parser: ValueParser;
  parse(located: Located): ParsedValue;
}

function parseAgent(agent: AgentModel, context: Context): ParsedAgent {
  const { parse } = context;
  const operation = agent.work.type === 'operation' ? agent.work.operation.text : undefined;
  const code = operation === 'code' ? parseCode(agent, context) : undefined;
  const configSchema = operation === 'think' ? readConfigSchema(agent, context) : undefined;
  const config = agent.config === undefined ? undefined : withoutKeys(agent.config, taken(operation, configSchema));
  return {
    model: agent,
    ...(agent.condition !== undefined && { condition: parse(agent.condition) }),
    ...(agent.input !== undefined && { input: parse(agent.input) }),
    ...(agent.cache?.key !== undefined && { cacheKey: parse(agent.cache.key) }),
    ...(agent.loop?.items !== undefined && { loopItems: parse(agent.loop.items) }),
    ...(agent.loop?.breakWhen !== undefined && { loopBreakWhen: parse(agent.loop.breakWhen) }),
    ...(config !== undefined && { config: parse(config) }),
    ...(code !== undefined && { code }),
    ...(configSchema !== undefined && { configSchema }),
    set: parseSet(agent.set, parse),
  };
}

function parseSet(set: SetModel, parse: Context['parse']): ParsedAgent['set'] {
  return set.type === 'fields' ? set.fields.map(({ key, value }) => ({ key, value: parse(value) })) : [];
}

function parseSteps({ steps, flow = [] }: BodyModel, parse: Context['parse']): ParsedBody['stepValues'] {
  const parsed = new Map<StepModel, ParsedStepValues>();
  for (const step of everyStep([...steps, ...flow])) {
    if (step.type !== 'agent')
      parsed.set(step, {
        ...parseLocated(step, parse),
        set: parseSet((step.type === 'run' ? step.state?.set : undefined) ?? { type: 'none' }, parse),
      });
  }
  return parsed;
}

const STEP_VALUES = ['condition', 'value', 'items', 'breakWhen', 'input'] as const;

function parseLocated(step: FlowStepModel | FlowRunModel, parse: Context['parse']): Omit<ParsedStepValues, 'set'> {
  const located: { readonly type: string } & { readonly [Name in (typeof STEP_VALUES)[number]]?: Located } = step;
  return Object.fromEntries(STEP_VALUES.flatMap((name) => (located[name] === undefined ? [] : [[name, parse(located[name])]])));
}

function taken(operation: string | undefined, configSchema: JsonSchema | undefined): ReadonlySet<string> {
  if (operation === 'code') return CODE_SETTINGS;
  return new Set(configSchema === undefined ? [] : ['schema']);
}

function parseCode(agent: AgentModel, { model, project, findings, parser }: Context): ParsedCode | undefined {
  const config = new Fields(agent.config);
  const network = config.scalar('network')?.value === true;
  const reference = config.word('script');
  if (reference !== undefined) {
    return { type: 'script', reference, found: project.script(reference.text, model.file), network };
  }
  const code = config.scalar('code');
  if (code === undefined) return undefined;
  const body = compileCodeBody(code, { agents: parser.agents, parse: parser.text });
  findings.add(body.diagnostics);
  const { line, column } = code.at(0, 0);
  return { type: 'inline', body, network, line, column };
}

/** A think agent's `config.schema` is fixed: a short form, a JSON Schema or a file. One with expressions stays part of the config. */
function readConfigSchema(agent: AgentModel, { model, project, findings }: Context): JsonSchema | undefined {
  const schema = new Fields(agent.config).value('schema');
  if (schema === undefined || hasExpression(asWord(schema)?.text ?? '')) return undefined;
  return readSchema(schema, { file: model.file, project, findings });
}

function withoutKeys(config: Located, keys: ReadonlySet<string>): Located {
  if (config.kind !== 'mapping' || keys.size === 0) return config;
  return { ...config, entries: config.entries.filter(({ key }) => !keys.has(key.text)) };
}

/** A list of blocks is a list of responses (LANGUAGE §7); any other value is the output itself. */
function parseOutput(output: Located, parse: Context['parse']): ParsedOutput {
  if (output.kind !== 'list' || output.items.length === 0) return { type: 'value', value: parse(output) };
  const blocks = output.items.filter(isResponseBlock);
  if (blocks.length < output.items.length) return { type: 'value', value: parse(output) };
  return { type: 'responses', responses: blocks.map((block) => parseResponse(block, parse)) };
}

function isResponseBlock(item: Located): item is LocatedMapping {
  return (
    item.kind === 'mapping' &&
    item.entries.length > 0 &&
    item.entries.every(({ key }) => (RESPONSE_PARTS as readonly string[]).includes(key.text))
  );
}

function parseResponse(block: LocatedMapping, parse: Context['parse']): ParsedResponse {
  const response: Partial<Record<ResponsePart, ParsedValue>> = {};
  const fields = new Fields(block);
  for (const part of RESPONSE_PARTS) {
    const value = fields.entry(part)?.value;
    if (value !== undefined) response[part] = parse(value);
  }
  return response;
}
