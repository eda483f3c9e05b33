import type { Span } from '../program/diagnostic.ts';
import { suggest } from '../program/suggest.ts';
import { CHECKS } from './checks/index.ts';
import { parseDocument } from './document/parse-document.ts';
import type { AgentModel, BodyModel } from './model/body-model.ts';
import { isName } from './model/fields.ts';
import { Findings } from './model/findings.ts';
import { parseBodyValues } from './model/parse-body.ts';
import type { ParsedBody } from './model/parsed-body.ts';
import { readBody } from './model/read-body.ts';
import type { ProjectIndex, SourceFile } from './project-index.ts';
import { checkShape } from './schema/check-shape.ts';

/** One file, read, parsed and checked, with the agent files that its agents run, by the agent's position. */
export interface AnalyzedFile {
  readonly body: ParsedBody;
  readonly agentFiles: ReadonlyMap<number, AnalyzedFile>;
}

/** Agent files that run agent files that run …: deeper than this is a mistake. */
const MAX_DEPTH = 16;

/**
 * Reads a file and the agent files that it needs, each once, and reports everything that is wrong in any of them. Undefined when the text
 * has no structure that could be checked, or the agent file is part of a cycle.
 */
export class Analysis {
  readonly findings = new Findings();
  readonly #project: ProjectIndex;
  readonly #done = new Map<string, AnalyzedFile | undefined>();

  constructor(project: ProjectIndex) {
    this.#project = project;
  }

  analyze(source: SourceFile, kind: BodyModel['kind'], chain: readonly string[] = []): AnalyzedFile | undefined {
    if (this.#done.has(source.path)) return this.#done.get(source.path);
    const file = this.#analyze(source, kind, chain);
    this.#done.set(source.path, file);
    return file;
  }

  #analyze(source: SourceFile, kind: BodyModel['kind'], chain: readonly string[]): AnalyzedFile | undefined {
    const { root, diagnostics } = parseDocument(source);
    this.findings.add(diagnostics);
    if (root === undefined) return undefined;
    this.findings.add(checkShape(root, kind));
    if (root.kind !== 'mapping') return undefined;
    const model = readBody(root, { path: source.path, kind, project: this.#project, findings: this.findings });
    const body = parseBodyValues(model, this.#project, this.findings);
    const agentFiles = new Map<number, AnalyzedFile>();
    for (const agent of model.agents) {
      const file = this.#agentFile(agent, model, [...chain, source.path]);
      if (file !== undefined) agentFiles.set(agent.index, file);
    }
    const complete = !this.findings.all.some(({ severity, span }) => severity === 'error' && span.file === source.path);
    for (const { check } of CHECKS) check(body, this.findings, { text: source.text, complete, project: this.#project, agentFiles });
    return { body, agentFiles };
  }

  #agentFile(agent: AgentModel, model: BodyModel, chain: readonly string[]): AnalyzedFile | undefined {
    const { work } = agent;
    if (work.type !== 'agent-file' && work.type !== 'own-name') return undefined;
    const { text: name, span } = work.type === 'agent-file' ? work.file : agent.name;
    // A name that is none is reported by its own rule, and never becomes part of a path.
    if (!isName(name)) return undefined;
    const source = model.single ? undefined : this.#project.agentFile(name);
    if (source === undefined) {
      if (work.type === 'agent-file') this.#reportMissing(name, span);
      else this.#reportWithoutWork(agent, model);
      return undefined;
    }
    if (chain.includes(source.path)) {
      const cycle = [...chain.slice(chain.indexOf(source.path)), source.path].join(' → ');
      this.findings.report('agent-file-cycle', span, `the agent file ${source.path} runs itself: ${cycle}`, {
        help: 'an agent file cannot run itself, nor one that runs it',
      });
      return undefined;
    }
    if (chain.length > MAX_DEPTH) {
      this.findings.report('agent-file-depth', span, `agent files run agent files more than ${MAX_DEPTH} levels deep`);
      return undefined;
    }
    return this.analyze(source, 'agent', chain);
  }

  #reportMissing(name: string, span: Span): void {
    const near = suggest(name, this.#project.agentNames());
    this.findings.report('missing-agent-file', span, `there is no agent file "${name}"`, {
      help: `${near === undefined ? '' : `did you mean "${near}"? `}looked for agents/${name}/agent.yaml and agents/${name}.yaml`,
    });
  }

  #reportWithoutWork(agent: AgentModel, model: BodyModel): void {
    const { text, span } = agent.name;
    const looked = model.single ? '' : ` and there is no agent file of its name (agents/${text}/agent.yaml, agents/${text}.yaml)`;
    this.findings.report('agent-without-operation', span, `"${text}" has no \`operation\`${looked}`, {
      help: model.single
        ? 'give the agent file an `operation`, or a list of `operations`'
        : 'give it an `operation`, or an `agent:` whose file it runs',
    });
  }
}
