import type { Span } from '../../program/diagnostic.ts';
import type { JsonSchema } from '../../program/json.ts';
import type { Located, LocatedEntry, LocatedMapping } from '../document/located.ts';
import type { ProjectIndex } from '../project-index.ts';
import type { AgentModel, SetModel, UnsupportedUse, Work } from './body-model.ts';
import { readDuration } from './constants.ts';
import { asWord, Fields, isNull, type Word } from './fields.ts';
import type { Findings } from './findings.ts';
import { readRetry } from './retry-model.ts';
import { expandSchema } from './schema-forms.ts';
import { isLaterOperation, unsupportedInAgent } from './unsupported.ts';

/** Settings of the operation that may stand beside it (LANGUAGE §2). */
const CONFIG_ALIASES = ['prompt', 'model', 'script'];
/** Settings of the agent that stand in its config. */
const AGENT_SETTINGS = new Set(['reject_tainted']);

export interface AgentSite {
  readonly file: string;
  readonly index: number;
  readonly project: ProjectIndex;
  readonly findings: Findings;
}

/** One entry of `agents:` or `operations:`; `name` is given for the agent file whose root is its one operation. */
export function readAgentModel(mapping: LocatedMapping, site: AgentSite, name?: Word): AgentModel {
  const { findings } = site;
  const fields = new Fields(mapping);
  const ownName = name ?? fields.word('name') ?? fields.word('agent') ?? { text: `agent ${site.index + 1}`, span: mapping.span };
  const state = new Fields(fields.value('state'));
  const condition = fields.value('condition', 'when');
  const input = name === undefined ? fields.value('input', 'inputs') : undefined;
  const configEntries = allConfigEntries(mapping, fields);
  const config =
    configEntries === undefined ? fields.value('config') : withoutSettings(configEntries, fields.value('config')?.span ?? mapping.span);
  const timeoutMs = readDuration(fields.scalar('timeout'), 'timeout', findings);
  const outputSchema = readOutputSchema(fields.value('schema'), site);
  const rejected = configEntries?.find(({ key }) => key.text === 'reject_tainted')?.value;
  return {
    name: ownName,
    index: site.index,
    span: mapping.span,
    work: readWork(fields, name !== undefined),
    ...(condition !== undefined && { condition }),
    ...(input !== undefined && { input }),
    ...(config !== undefined && { config }),
    use: words(state.list('use')),
    set: readSet(state.value('set')),
    retry: readRetry(fields.value('retry'), findings),
    ...(timeoutMs !== undefined && { timeoutMs }),
    continueOnError: fields.text('onError', 'on_error') === 'continue' || fields.scalar('continue_on_error')?.value === true,
    ...(outputSchema !== undefined && { outputSchema }),
    rejectTainted: rejected?.kind === 'scalar' && rejected.value === true,
    unsupported: [...unsupportedInAgent(mapping), ...unsupportedValues(fields)],
  };
}

function readWork(fields: Fields, isFile: boolean): Work {
  const operation = fields.word('operation');
  if (operation !== undefined) return { type: 'operation', operation };
  if (fields.entry('ensemble', 'parallel') !== undefined) return { type: 'unsupported' };
  const type = fields.text('type');
  if (type !== undefined && type !== 'agent') return { type: 'unsupported' };
  const file = isFile ? undefined : fields.word('agent');
  return file === undefined ? { type: 'own-name' } : { type: 'agent-file', file };
}

function unsupportedValues(fields: Fields): readonly UnsupportedUse[] {
  const found: UnsupportedUse[] = [];
  const operation = fields.word('operation');
  if (operation !== undefined && isLaterOperation(operation.text))
    found.push({ feature: `the operation \`${operation.text}\``, span: operation.span });
  const onError = fields.entry('onError', 'on_error');
  if (onError?.value.kind === 'list') found.push({ feature: '`onError` with a list of agents', span: onError.key.span });
  const type = fields.word('type');
  if (type !== undefined && fields.entry('operation') === undefined)
    found.push({ feature: `the flow step \`type: ${type.text}\``, span: type.span });
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
function readSet(value: Located | undefined): SetModel {
  if (value === undefined) return { type: 'none' };
  if (value.kind === 'mapping') return { type: 'fields', fields: value.entries.map((entry) => ({ key: entry.key, value: entry.value })) };
  return { type: 'same', keys: words(value.kind === 'list' ? value.items : [value]) };
}

function words(items: readonly Located[]): readonly Word[] {
  return items.flatMap((item) => asWord(item) ?? []);
}

/** `schema: { output: … }`, or `schema: ./file.json` for the output. */
function readOutputSchema(value: Located | undefined, site: AgentSite): JsonSchema | undefined {
  const output = value?.kind === 'mapping' ? new Fields(value).value('output') : value;
  return output === undefined ? undefined : readSchema(output, site);
}

/** A schema of an output: a short form, a JSON Schema, or the path of a file that holds one. */
export function readSchema(value: Located, { file, project, findings }: Pick<AgentSite, 'file' | 'project' | 'findings'>): JsonSchema {
  const path = asWord(value)?.text;
  if (path === undefined || !/[./]/.test(path)) return expandSchema(value, { required: true }, findings).schema;
  const schema = project.schemaFile(path, file);
  if (schema !== undefined) return schema;
  findings.report('missing-schema-file', value.span, `the schema file "${path}" does not exist or holds no schema`, {
    help: `the path is relative to ${file}; the file holds a JSON Schema as JSON or YAML`,
  });
  return {};
}
