import type { JsonSchema } from '../../program/json.ts';
import type { Limits } from '../../program/program.ts';
import type { Located, LocatedMapping } from '../document/located.ts';
import type { ProjectIndex } from '../project-index.ts';
import { readAgentModel } from './agent-model.ts';
import type { AgentModel, BodyModel } from './body-model.ts';
import { readDuration, readNumber } from './constants.ts';
import { Fields, isName } from './fields.ts';
import type { Findings } from './findings.ts';
import { expandFields } from './schema-forms.ts';
import { readStateModel } from './state-model.ts';
import { unsupportedInFile } from './unsupported.ts';

export interface FileSite {
  readonly path: string;
  readonly kind: BodyModel['kind'];
  readonly project: ProjectIndex;
  readonly findings: Findings;
}

/** The typed model of a file whose root is a mapping. Lenient: what the shape check refuses reads as absent. */
export function readBody(root: LocatedMapping, site: FileSite): BodyModel {
  const { kind, findings } = site;
  const fields = new Fields(root);
  const name = fields.word(kind, 'name') ?? { text: nameOfFile(site.path), span: root.span };
  const version = fields.text('version');
  const description = fields.text('description');
  const input = fields.value('input', 'inputs');
  const output = fields.value('output', 'outputs');
  const single = kind === 'agent' && fields.value('operations', 'agents') === undefined;
  const agents = single ? [readAgentModel(root, { ...site, file: site.path, index: 0 }, name)] : readAgents(fields, site);
  return {
    kind,
    file: site.path,
    span: root.span,
    name,
    ...(version !== undefined && { version }),
    ...(description !== undefined && { description }),
    ...(input !== undefined && { input: readInput(input, findings) }),
    state: readStateModel(fields.value('state'), findings),
    agents,
    single,
    ...(output !== undefined && { output }),
    limits: readLimits(fields.value('limits'), findings),
    triggers: fields.list('trigger', 'triggers'),
    unsupported: unsupportedInFile(root),
  };
}

function readAgents(fields: Fields, site: FileSite): readonly AgentModel[] {
  const items = fields.list(...(site.kind === 'agent' ? ['operations', 'agents'] : ['agents']));
  return items.flatMap((item, index) => (item.kind === 'mapping' ? [readAgentModel(item, { ...site, file: site.path, index })] : []));
}

function readInput(input: Located, findings: Findings): JsonSchema {
  return input.kind === 'mapping' ? expandFields(input, { required: false }, findings) : {};
}

function readLimits(value: Located | undefined, findings: Findings): Limits {
  const fields = new Fields(value);
  const maxDurationMs = readDuration(fields.scalar('max_duration'), 'limits.max_duration', findings);
  const maxSteps = readNumber(fields.scalar('max_steps'), 'limits.max_steps', findings, { min: 1 });
  const maxTokens = readNumber(fields.scalar('max_tokens'), 'limits.max_tokens', findings, { min: 0 });
  const maxCostUsd = readNumber(fields.scalar('max_cost_usd'), 'limits.max_cost_usd', findings, { min: 0, integer: false });
  return {
    ...(maxDurationMs !== undefined && { maxDurationMs }),
    ...(maxSteps !== undefined && { maxSteps }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(maxCostUsd !== undefined && { maxCostUsd }),
  };
}

/** `agents/summarizer/agent.yaml` and `agents/summarizer.yaml` are both "summarizer". Stands in for a name that is missing, which the shape check reports. */
function nameOfFile(path: string): string {
  const parts = path.replace(/\.ya?ml$/, '').split('/');
  const last = parts.at(-1) ?? 'ensemble';
  const name = (last === 'agent' ? parts.at(-2) : last) ?? last;
  return isName(name) ? name : 'unnamed';
}
