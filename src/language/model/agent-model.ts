import type { Span } from '../../program/diagnostic.ts';
import type { JsonSchema } from '../../program/json.ts';
import type { Located, LocatedEntry, LocatedMapping } from '../document/located.ts';
import { parseFileReference } from '../versions/file-reference.ts';
import type { AgentModel, CacheModel, LoopModel, SetModel, UnsupportedUse, Work } from './body-model.ts';
import { readDuration, readNumber } from './constants.ts';
import { asWord, Fields, hasExpression, isNull, type Word } from './fields.ts';
import type { Findings } from './findings.ts';
import { readSteps, type StepsSite } from './read-steps.ts';
import { readRetry } from './retry-model.ts';
import { expandSchema } from './schema-forms.ts';
import { rememberForm } from './schema-places.ts';
import { readTimeout } from './timeout-model.ts';
import { isLaterOperation } from './unsupported.ts';

/** Settings of the operation that may stand beside it (LANGUAGE §2). */
const CONFIG_ALIASES = ['prompt', 'model', 'script'];
/** Settings of the agent that stand in its config. */
const AGENT_SETTINGS = new Set(['reject_tainted']);

/** What an agent is when it is no entry of a list: the one operation of an agent file, or what undoes another agent. */
type Role = { readonly type: 'file'; readonly name: Word } | { readonly type: 'compensation'; readonly of: Word };

/**
 * One agent, and in `site.agents` it and those in its `onError` and `compensate`. An entry of a list unless `role` says otherwise.
 */
export function readAgentModel(mapping: LocatedMapping, site: StepsSite, role?: Role): AgentModel {
  const { findings } = site;
  const index = site.agents.length;
  const fields = new Fields(mapping);
  const isFile = role?.type === 'file';
  const givenName = isFile ? role.name : (fields.word('name') ?? (role === undefined ? withoutVersion(fields.word('agent')) : undefined));
  const ownName = givenName ?? {
    text: role?.type === 'compensation' ? `compensate of ${role.of.text}` : `agent ${index + 1}`,
    span: mapping.span,
  };
  const state = new Fields(fields.value('state'));
  const condition = fields.value('condition', 'when');
  const input = isFile ? undefined : fields.value('input', 'inputs');
  const configEntries = allConfigEntries(mapping, fields);
  const config =
    configEntries === undefined ? fields.value('config') : withoutSettings(configEntries, fields.value('config')?.span ?? mapping.span);
  const timeout = readTimeout(fields.value('timeout'), findings);
  const outputSchema = readOutputSchema(fields.value('schema'), site);
  const rejected = configEntries?.find(({ key }) => key.text === 'reject_tainted')?.value;
  const cache = readCache(fields.value('cache'), findings);
  const loop = readLoop(fields.value('loop'), findings);
  const own: AgentModel = {
    name: ownName,
    named: givenName !== undefined,
    index,
    span: mapping.span,
    source: mapping,
    work: readWork(fields, isFile),
    ...(condition !== undefined && { condition }),
    ...(input !== undefined && { input }),
    ...(config !== undefined && { config }),
    use: words(state.list('use')),
    set: readSet(state.value('set')),
    retry: readRetry(fields.value('retry'), findings),
    ...(timeout !== undefined && { timeout }),
    ...(cache !== undefined && { cache }),
    ...(loop !== undefined && { loop }),
    dependsOn: readDependsOn(fields),
    continueOnError: fields.text('onError', 'on_error') === 'continue' || fields.scalar('continue_on_error')?.value === true,
    ...(outputSchema !== undefined && { outputSchema }),
    rejectTainted: rejected?.kind === 'scalar' && rejected.value === true,
    unsupported: unsupportedValues(fields),
  };
  // It keeps its place among the agents while those that it holds take theirs after it.
  site.agents.push(own);
  const handlers = fields.value('onError', 'on_error');
  const undo = fields.mapping('compensate');
  const agent: AgentModel = {
    ...own,
    ...(handlers?.kind === 'list' && { onErrorSteps: readSteps(handlers, site) }),
    ...(undo !== undefined && { compensate: readAgentModel(undo, site, { type: 'compensation', of: ownName }) }),
  };
  site.agents[index] = agent;
  return agent;
}

function readCache(value: Located | undefined, findings: Findings): CacheModel | undefined {
  if (value === undefined) return undefined;
  const fields = new Fields(value);
  const ttlMs = readDuration(fields.scalar('ttl'), 'cache.ttl', findings, 's');
  const key = fields.value('key');
  const binding = fields.word('binding');
  if (binding !== undefined && hasExpression(binding.text)) {
    findings.report('constant-required', binding.span, '`cache.binding` is fixed before the run starts: no expression can stand here');
  }
  return {
    ...(ttlMs !== undefined && { ttlMs }),
    ...(key !== undefined && { key }),
    ...(binding !== undefined && { binding }),
  };
}

function readLoop(value: Located | undefined, findings: Findings): LoopModel | undefined {
  if (value === undefined) return undefined;
  const fields = new Fields(value);
  const items = fields.value('items');
  const breakWhen = fields.value('breakWhen');
  return {
    span: value.span,
    ...(items !== undefined && { items }),
    concurrency: readNumber(fields.scalar('concurrency'), 'loop.concurrency', findings, { min: 1 }) ?? 1,
    ...(breakWhen !== undefined && { breakWhen }),
  };
}

/** `depends_on: a` or `depends_on: [a, b]`. */
export function readDependsOn(fields: Fields): readonly Word[] {
  const value = fields.value('depends_on');
  return value === undefined ? [] : words(value.kind === 'list' ? value.items : [value]);
}

function readWork(fields: Fields, isFile: boolean): Work {
  const operation = fields.word('operation');
  if (operation !== undefined) return { type: 'operation', operation };
  const reference = isFile ? undefined : fields.word('ensemble');
  if (reference !== undefined) return { type: 'ensemble', reference };
  const type = fields.text('type');
  if (type !== undefined && type !== 'agent') return { type: 'unknown' };
  const agent = isFile ? undefined : fields.word('agent');
  const name = withoutVersion(agent);
  return agent === undefined || name === undefined ? { type: 'own-name' } : { type: 'agent-file', file: name, reference: agent };
}

/** An agent file's name, whatever version of it is asked for. */
function withoutVersion(reference: Word | undefined): Word | undefined {
  return reference && { text: parseFileReference(reference.text).name, span: reference.span };
}

function unsupportedValues(fields: Fields): readonly UnsupportedUse[] {
  const found: UnsupportedUse[] = [];
  const operation = fields.word('operation');
  if (operation !== undefined && isLaterOperation(operation.text))
    found.push({ feature: `the operation \`${operation.text}\``, span: operation.span });
  return found;
}

/** The config's entries after those that stand beside the operation; undefined when the config is one expression. */
function allConfigEntries(mapping: LocatedMapping, fields: Fields): readonly LocatedEntry[] | undefined {
  const config = fields.value('config');
  if (config !== undefined && config.kind !== 'mapping') return undefined;
  const inside = config?.entries ?? [];
  const taken = new Set(inside.map(({ key }) => key.text));
  const beside = mapping.entries.filter(({ key, value }) => CONFIG_ALIASES.includes(key.text) && !taken.has(key.text) && !isNull(value));
  return beside.length === 0 && config === undefined ? undefined : [...beside, ...inside];
}

function withoutSettings(entries: readonly LocatedEntry[], span: Span): LocatedMapping {
  return { kind: 'mapping', entries: entries.filter(({ key }) => !AGENT_SETTINGS.has(key.text)), span };
}

/** `set: {key: expression}` or `set: [key]`; one key alone may stand without the brackets. */
export function readSet(value: Located | undefined): SetModel {
  if (value === undefined) return { type: 'none' };
  if (value.kind === 'mapping') return { type: 'fields', fields: value.entries.map((entry) => ({ key: entry.key, value: entry.value })) };
  return { type: 'same', keys: words(value.kind === 'list' ? value.items : [value]) };
}

/** The words among the items. */
export function words(items: readonly Located[]): readonly Word[] {
  return items.flatMap((item) => asWord(item) ?? []);
}

/** `schema: { output: … }`, or `schema: ./file.json` for the output. */
function readOutputSchema(value: Located | undefined, site: StepsSite): JsonSchema | undefined {
  const output = value?.kind === 'mapping' ? new Fields(value).value('output') : value;
  return output === undefined ? undefined : readSchema(output, site);
}

/** A schema of an output: a short form, a JSON Schema, or the path of a file that holds one. */
export function readSchema(value: Located, { file, project, findings }: Pick<StepsSite, 'file' | 'project' | 'findings'>): JsonSchema {
  const path = asWord(value)?.text;
  if (path === undefined || !/[./]/.test(path)) return expandSchema(value, { required: true }, findings).schema;
  const schema = project.schemaFile(path, file);
  // A schema of its own, since the project may hand out one for several references.
  if (schema !== undefined) return rememberForm({ ...schema }, value);
  findings.report('missing-schema-file', value.span, `the schema file "${path}" does not exist or holds no schema`, {
    help: `the path is relative to ${file}; the file holds a JSON Schema as JSON or YAML`,
  });
  return {};
}
