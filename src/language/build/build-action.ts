import type { Template } from '../../program/expression.ts';
import type { JsonSchema } from '../../program/json.ts';
import type { Action, BindingNeed } from '../../program/program.ts';
import { Fields, hasExpression } from '../model/fields.ts';
import type { ParsedAgent, ParsedCode } from '../model/parsed-body.ts';
import { OLD_OPERATIONS } from '../model/unsupported.ts';
import { buildCalledFile } from './build-called-file.ts';
import { addBinding, type BuildSite, type StepsSite } from './build-site.ts';

const EMPTY_CONFIG: Template = { type: 'constant', value: {} };

/** What an agent does: an operation, a module of code, or a file that it runs. */
export function buildAction(agent: ParsedAgent, site: StepsSite): Action {
  const { work, name, index } = agent.model;
  if (agent.code !== undefined) return buildCode(agent.code, agent.config?.template, `${site.body.model.file}#${name.text}`, site);
  if (work.type === 'operation') {
    const written = work.operation.text;
    const operation = Object.hasOwn(OLD_OPERATIONS, written) ? (OLD_OPERATIONS[written] ?? written) : written;
    needBinding(agent, operation, site);
    return { type: 'operation', operation, config: buildConfig(agent.config?.template, agent.configSchema) };
  }
  const file = work.type === 'ensemble' ? site.ensembleAt(work.reference.text, site.body.model.file) : site.agentFiles.get(index);
  if (file === undefined) throw new TypeError(`the agent "${name.text}" has no file to run, which its analysis must have reported`);
  return { type: 'body', file: buildCalledFile(file, site) };
}

function buildCode(code: ParsedCode, config: Template | undefined, module: string, site: StepsSite): Action {
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
  addBinding(need, site);
}
