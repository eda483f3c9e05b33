import type { Template } from '../../program/expression.ts';
import type { JsonSchema } from '../../program/json.ts';
import type { Action, AgentStep, BindingNeed, Reads, SetPlan } from '../../program/program.ts';
import type { AnalyzedFile } from '../analyze-file.ts';
import { usesAll } from '../model/body-model.ts';
import { Fields, hasExpression } from '../model/fields.ts';
import { type ParsedAgent, type ParsedBody, type ParsedCode, workReads } from '../model/parsed-body.ts';
import type { BuildSite } from './build-body.ts';
import { buildCalledFile } from './build-called-file.ts';

interface AgentSite extends BuildSite {
  readonly body: ParsedBody;
  readonly agentFile: AnalyzedFile | undefined;
  /** Agents whose failure some expression reads. */
  readonly handled: ReadonlySet<string>;
}

const EMPTY_CONFIG: Template = { type: 'constant', value: {} };

/** The step of an agent that was found free of errors. */
export function buildAgent(agent: ParsedAgent, site: AgentSite): AgentStep {
  const { model } = agent;
  const name = model.name.text;
  const all = usesAll(model, site.body.model);
  return {
    type: 'agent',
    name,
    path: name,
    place: { line: model.span.line, column: model.span.column },
    action: buildAction(agent, site),
    ...(agent.condition !== undefined && { condition: agent.condition.template }),
    ...(agent.input !== undefined && { input: agent.input.template }),
    use: [...new Set(model.use.map((word) => word.text))].filter((key) => !all || key !== 'state'),
    useAll: all,
    set: buildSet(agent),
    retry: model.retry,
    ...(model.timeoutMs !== undefined && { timeoutMs: model.timeoutMs }),
    handlesFailure: model.continueOnError || site.handled.has(name),
    ...(model.outputSchema !== undefined && { outputSchema: model.outputSchema }),
    rejectTainted: model.rejectTainted,
    reads: buildReads(agent),
  };
}

const LOCALS: Reads['locals'] = ['item', 'index', 'loop', 'error', 'mapResults'];

function buildReads(agent: ParsedAgent): Reads {
  const reads = workReads(agent);
  return {
    agents: [...new Set(reads.filter(({ kind }) => kind === 'agent').map(({ name }) => name))],
    trigger: reads.some(({ kind, name }) => kind === 'root' && name === 'trigger'),
    locals: LOCALS.filter((local) => reads.some(({ kind, name }) => kind === 'root' && name === local)),
  };
}

/** Without `set`, what a body visibly hands to `setState` is what it sets. */
function buildSet({ model, set, code }: ParsedAgent): SetPlan {
  if (model.set.type === 'fields')
    return { type: 'fields', fields: set.map(({ key, value }) => ({ key: key.text, value: value.template })) };
  const written = code?.type === 'inline' ? code.body.stateWrites.flatMap(({ key }) => key ?? []) : [];
  const keys = model.set.type === 'same' ? model.set.keys.map((key) => key.text) : written;
  return keys.length === 0 ? { type: 'none' } : { type: 'same', keys: [...new Set(keys)] };
}

function buildAction(agent: ParsedAgent, site: AgentSite): Action {
  const { work, name } = agent.model;
  if (agent.code !== undefined) return buildCode(agent.code, agent.config?.template, `${site.body.model.file}#${name.text}`, site);
  if (work.type === 'operation') {
    needBinding(agent, work.operation.text, site);
    return { type: 'operation', operation: work.operation.text, config: buildConfig(agent.config?.template, agent.configSchema) };
  }
  if (site.agentFile === undefined) throw new TypeError(`agent "${name.text}" has no agent file, which its analysis must have reported`);
  return { type: 'body', file: buildCalledFile(site.agentFile, site) };
}

function buildCode(code: ParsedCode, config: Template | undefined, module: string, site: AgentSite): Action {
  const { network } = code;
  const settings = config !== undefined && !isEmpty(config) ? { config } : {};
  if (code.type === 'script') {
    const source = 'source' in code.found ? code.found.source : '';
    site.modules.set(module, { source, kind: 'script', network });
    // A script is not taken apart: it is given the variables if the word stands anywhere in it, and no other agent's result.
    return { type: 'code', module, holes: [], agents: [], usesEnv: /\benv\b/.test(source), network, ...settings };
  }
  const { body, line, column } = code;
  site.modules.set(module, { source: body.source, kind: 'inline', network, lineOffset: body.lineOffset, place: { line, column } });
  const { holes, agents, usesEnv, envNames } = body;
  return { type: 'code', module, holes, agents, usesEnv, ...(envNames !== undefined && { envNames }), network };
}

function buildConfig(config: Template | undefined, schema: JsonSchema | undefined): Template {
  if (schema === undefined) return config ?? EMPTY_CONFIG;
  const entry = { key: 'schema', value: { type: 'constant', value: schema } as const };
  if (config?.type === 'mapping') return { type: 'mapping', entries: [...config.entries, entry] };
  if (config?.type === 'constant' && typeof config.value === 'object' && config.value !== null && !Array.isArray(config.value)) {
    return { type: 'constant', value: Object.fromEntries([...Object.entries(config.value), ['schema', schema]]) };
  }
  return { type: 'mapping', entries: [entry] };
}

function isEmpty(template: Template): boolean {
  if (template.type === 'mapping') return template.entries.length === 0;
  return (
    template.type === 'constant' &&
    typeof template.value === 'object' &&
    template.value !== null &&
    Object.keys(template.value).length === 0
  );
}

const STORAGE_KINDS = ['kv', 'd1', 'r2'] as const;

/** The binding that a `storage` or `data` agent will ask for, as far as its config is constant. */
function needBinding({ model }: ParsedAgent, operation: string, site: BuildSite): void {
  if (operation !== 'storage' && operation !== 'data') return;
  const config = new Fields(model.config);
  const kind = STORAGE_KINDS.find((name) => name === (config.text(operation === 'data' ? 'backend' : 'type') ?? 'd1'));
  if (kind === undefined) return;
  const name = config.text('binding');
  const need: BindingNeed = { kind, ...(name !== undefined && !hasExpression(name) && { name }) };
  site.bindings.set(JSON.stringify([need.kind, need.name]), need);
}
