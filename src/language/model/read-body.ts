import { ENGINES } from '../../program/deployment.ts';
import type { JsonSchema } from '../../program/json.ts';
import type { Located, LocatedMapping, LocatedScalar } from '../document/located.ts';
import type { ProjectIndex } from '../project-index.ts';
import { readAgentModel } from './agent-model.ts';
import type { AgentModel, BodyModel, LimitsModel } from './body-model.ts';
import { readDuration, readNumber } from './constants.ts';
import { Fields, hasExpression, isName } from './fields.ts';
import type { Findings } from './findings.ts';
import { readSteps } from './read-steps.ts';
import { expandFields } from './schema-forms.ts';
import { readStateModel } from './state-model.ts';
import { agentStep } from './step-model.ts';

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
  // Another word is reported by the shape check.
  const engine = kind === 'ensemble' ? ENGINES.find((engineName) => engineName === fields.text('engine')) : undefined;
  const single = kind === 'agent' && fields.value('operations', 'agents') === undefined;
  const agents: AgentModel[] = [];
  const stepsSite = { file: site.path, project: site.project, findings, agents };
  const steps = single
    ? [agentStep(readAgentModel(root, stepsSite, { type: 'file', name }))]
    : readSteps(fields.value(...(kind === 'agent' ? ['operations', 'agents'] : ['agents'])), stepsSite);
  const flow = kind === 'ensemble' ? fields.value('flow') : undefined;
  return {
    kind,
    file: site.path,
    span: root.span,
    source: root,
    name,
    ...(version !== undefined && { version }),
    ...(description !== undefined && { description }),
    ...(input !== undefined && { input: readInput(input, findings) }),
    state: readStateModel(fields.value('state'), findings),
    agents,
    steps,
    // What is no list says nothing about which agents run: the shape check reports it.
    ...(flow?.kind === 'list' && { flow: readSteps(flow, { ...stepsSite, defined: byName(agents) }) }),
    concurrency: readNumber(fields.scalar('concurrency'), 'concurrency', findings, { min: 1 }) ?? 1,
    ...(engine !== undefined && { engine }),
    single,
    ...(output !== undefined && { output }),
    limits: readLimits(fields.value('limits'), findings),
    triggers: fields.list('trigger', 'triggers'),
  };
}

/** Of two agents with one name, which another rule reports, the first. */
function byName(agents: readonly AgentModel[]): ReadonlyMap<string, AgentModel> {
  return new Map(
    agents
      .filter(({ named }) => named)
      .toReversed()
      .map((agent) => [agent.name.text, agent]),
  );
}

function readInput(input: Located, findings: Findings): JsonSchema {
  return input.kind === 'mapping' ? expandFields(input, { required: false }, findings) : {};
}

function readLimits(value: Located | undefined, findings: Findings): LimitsModel {
  const fields = new Fields(value);
  const read = (key: string, readConstant: (scalar: LocatedScalar | undefined, label: string) => number | undefined) => {
    const scalar = fields.scalar(key);
    return typeof scalar?.value === 'string' && hasExpression(scalar.value) ? scalar : readConstant(scalar, `limits.${key}`);
  };
  const number = (range: { readonly min: number; readonly integer?: boolean }) => (scalar: LocatedScalar | undefined, label: string) =>
    readNumber(scalar, label, findings, range);
  const maxDurationMs = read('max_duration', (scalar, label) => readDuration(scalar, label, findings));
  const maxSteps = read('max_steps', number({ min: 1 }));
  const maxTokens = read('max_tokens', number({ min: 0 }));
  const maxCostUsd = read('max_cost_usd', number({ min: 0, integer: false }));
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
