import type { Diagnostic } from '../program/diagnostic.ts';
import { suggest } from '../program/suggest.ts';
import { runChecks } from './checks/run-checks.ts';
import type { Located } from './document/located.ts';
import { parseDocument } from './document/parse-document.ts';
import { NO_COMMENTS } from './document/read-comments.ts';
import { createEnsembleFiles, type EnsembleFiles } from './ensemble-files.ts';
import type { AgentModel, BodyModel } from './model/body-model.ts';
import { isName, type Word } from './model/fields.ts';
import { Findings } from './model/findings.ts';
import { parseBodyValues } from './model/parse-body.ts';
import type { ParsedBody } from './model/parsed-body.ts';
import { readBody } from './model/read-body.ts';
import type { ProjectIndex, SourceFile } from './project-index.ts';
import { RecentFiles } from './recent-files.ts';
import { checkShape } from './schema/check-shape.ts';
import { applyIgnores } from './settings/apply-ignores.ts';
import { typesOf } from './types/body-types.ts';
import { parseFileReference } from './versions/file-reference.ts';
import { findAgentFile, findEnsembleFile } from './versions/find-file.ts';
import { type FoundVersion, foundFile } from './versions/find-version.ts';
import { reportVersion } from './versions/report-version.ts';

/** One file, read, parsed and checked, with the agent files that its agents run, by the agent's position. */
export interface AnalyzedFile {
  readonly body: ParsedBody;
  readonly agentFiles: ReadonlyMap<number, AnalyzedFile>;
}

export interface FileAnalysis {
  /** Undefined when the text has no structure that could be checked. */
  readonly file: AnalyzedFile | undefined;
  /** Everything that is wrong in the file, then in the agent files that it runs, each of these once. */
  readonly findings: readonly Diagnostic[];
}

/** A file with every ensemble that it may run, however deep: what a program is made of. */
export interface ProgramAnalysis extends FileAnalysis {
  /** The ensemble that a file of the program names; undefined for one that is not there or broken, which is among the findings. */
  ensembleAt(reference: string, from: string): AnalyzedFile | undefined;
}

/** What is wrong in one file alone, and the agent files that it runs. */
interface Outcome {
  readonly text: string;
  readonly findings: readonly Diagnostic[];
  readonly runs: readonly Outcome[];
}

interface Analyzed {
  readonly file: AnalyzedFile | undefined;
  readonly outcome: Outcome;
}

/** A file that is being analysed. */
interface Site {
  readonly findings: Findings;
  /** The files that led here, each run by the one before it. */
  readonly chain: readonly string[];
  readonly runs: Outcome[];
  /** The files are only read: what is wrong in them is not asked for. */
  readonly quiet: boolean;
}

const MISSING: FoundVersion = { type: 'missing' };
/** Agent files that run agent files that run …: deeper than this is a mistake. */
const MAX_DEPTH = 16;

/**
 * Reads files and the agent files that they need. An agent file is analysed once, however many files run it. Of thousands only the findings are kept, and of
 * a few what was read, so that many files need little more memory than one.
 */
export class Analysis {
  readonly #project: ProjectIndex;
  /** Of agent files that other files run. */
  readonly #outcomes = new Map<string, Outcome>();
  readonly #agentFiles = new RecentFiles<AnalyzedFile | undefined>();
  /** Agent files that ensembles run which other ensembles run: no rule has looked at them. */
  readonly #unchecked = new RecentFiles<AnalyzedFile | undefined>();
  readonly #ensembles: EnsembleFiles;

  constructor(project: ProjectIndex) {
    this.#project = project;
    this.#ensembles = createEnsembleFiles(project, (source) => this.#readQuietly(source, 'ensemble', []));
  }

  analyze(source: SourceFile, kind: BodyModel['kind']): FileAnalysis {
    const { file, outcome } = this.#analyze(source, kind, []);
    return { file, findings: allFindings(outcome) };
  }

  /** An ensemble and all that it runs, each file once, whatever circles they run each other in. Their findings follow those of the file itself. */
  analyzeProgram(source: SourceFile): ProgramAnalysis {
    const root = this.analyze(source, 'ensemble');
    const ensembles = new Map([[source.path, root]]);
    for (const { file } of ensembles.values()) {
      for (const called of file === undefined ? [] : this.#ensemblesOf(file)) {
        if (!ensembles.has(called.path)) ensembles.set(called.path, this.analyze(called, 'ensemble'));
      }
    }
    return {
      file: root.file,
      findings: [...new Set([...ensembles.values()].flatMap(({ findings }) => findings))],
      ensembleAt: (reference, from) => {
        const found = foundFile(findEnsembleFile(this.#project, reference, from));
        return found && ensembles.get(found.path)?.file;
      },
    };
  }

  /** The ensembles that a file names, and the agent files that it runs, however deep. */
  #ensemblesOf(file: AnalyzedFile): readonly SourceFile[] {
    const reached = new Set([file]);
    for (const { agentFiles } of reached) for (const agentFile of agentFiles.values()) reached.add(agentFile);
    return [...reached].flatMap(({ body: { model } }) =>
      model.agents.flatMap(({ work }) => {
        if (work.type !== 'ensemble') return [];
        return foundFile(findEnsembleFile(this.#project, work.reference.text, model.file)) ?? [];
      }),
    );
  }

  /** The findings of `analyze` alone: of an agent file that another file has run they are known. */
  findings(source: SourceFile, kind: BodyModel['kind']): readonly Diagnostic[] {
    const known = kind === 'agent' ? this.#outcomes.get(source.path) : undefined;
    return known?.text === source.text ? allFindings(known) : this.analyze(source, kind).findings;
  }

  #analyze(source: SourceFile, kind: BodyModel['kind'], chain: readonly string[]): Analyzed {
    const { root, diagnostics, comments } = parseDocument(source);
    const site: Site = { findings: new Findings(), chain: [...chain, source.path], runs: [], quiet: false };
    site.findings.add(diagnostics);
    const file = root && this.#analyzeRoot(root, source, kind, site);
    const findings = comments === NO_COMMENTS ? site.findings.all : applyIgnores(site.findings.all, source, comments);
    return { file, outcome: { text: source.text, findings, runs: site.runs } };
  }

  #analyzeRoot(root: Located, source: SourceFile, kind: BodyModel['kind'], site: Site): AnalyzedFile | undefined {
    const { findings } = site;
    findings.add(checkShape(root, kind));
    const file = this.#readRoot(root, source, kind, site);
    if (file === undefined) return undefined;
    const { body, agentFiles } = file;
    const context = {
      text: source.text,
      complete: !hasError(site, source),
      project: this.#project,
      agentFiles,
      ensembles: this.#ensembles,
      types: typesOf(file, this.#ensembles),
    };
    runChecks(body, findings, context);
    return file;
  }

  #readRoot(root: Located, source: SourceFile, kind: BodyModel['kind'], site: Site): AnalyzedFile | undefined {
    const { findings } = site;
    if (root.kind !== 'mapping') return undefined;
    const model = readBody(root, { path: source.path, kind, project: this.#project, findings });
    const body = parseBodyValues(model, this.#project, findings);
    const agentFiles = new Map<number, AnalyzedFile>();
    for (const agent of model.agents) {
      const file = this.#agentFile(agent, model, site);
      if (file !== undefined) agentFiles.set(agent.index, file);
    }
    return { body, agentFiles };
  }

  /** The file without any rule looking at it; undefined when something in it cannot be read. */
  #readQuietly(source: SourceFile, kind: BodyModel['kind'], chain: readonly string[]): AnalyzedFile | undefined {
    const { root, diagnostics } = parseDocument(source);
    const site: Site = { findings: new Findings(), chain: [...chain, source.path], runs: [], quiet: true };
    site.findings.add(diagnostics);
    const file = root && this.#readRoot(root, source, kind, site);
    return hasError(site, source) ? undefined : file;
  }

  #agentFile(agent: AgentModel, model: BodyModel, { findings, chain, runs, quiet }: Site): AnalyzedFile | undefined {
    const { work } = agent;
    if (work.type !== 'agent-file' && work.type !== 'own-name') return undefined;
    const { text: reference, span } = work.type === 'agent-file' ? work.reference : agent.name;
    const { name } = parseFileReference(reference);
    // A name that is none is reported by its own rule, and never becomes part of a path.
    if (!isName(name)) return undefined;
    const found = model.single ? MISSING : findAgentFile(this.#project, reference);
    if (found.type !== 'found') {
      if (found.type !== 'missing') reportVersion(found, 'agent', span, findings);
      else if (work.type === 'agent-file') this.#reportMissing(work.reference, findings);
      else this.#reportWithoutWork(agent, model, findings);
      return undefined;
    }
    const source = found.file;
    if (chain.includes(source.path)) {
      const cycle = [...chain.slice(chain.indexOf(source.path)), source.path].join(' → ');
      findings.report('agent-file-cycle', span, `the agent file ${source.path} runs itself: ${cycle}`, {
        help: 'an agent file cannot run itself, nor one that runs it',
      });
      return undefined;
    }
    if (chain.length > MAX_DEPTH) {
      findings.report('agent-file-depth', span, `agent files run agent files more than ${MAX_DEPTH} levels deep`);
      return undefined;
    }
    const outcome = this.#outcomes.get(source.path);
    const known = outcome?.text === source.text ? this.#agentFiles.find(source) : undefined;
    if (outcome !== undefined && known !== undefined) {
      runs.push(outcome);
      return known.result;
    }
    if (quiet) return this.#uncheckedAgentFile(source, chain);
    const analyzed = this.#analyze(source, 'agent', chain);
    this.#outcomes.set(source.path, analyzed.outcome);
    this.#agentFiles.keep(source, analyzed.file);
    runs.push(analyzed.outcome);
    return analyzed.file;
  }

  #uncheckedAgentFile(source: SourceFile, chain: readonly string[]): AnalyzedFile | undefined {
    const known = this.#unchecked.find(source);
    if (known !== undefined) return known.result;
    const file = this.#readQuietly(source, 'agent', chain);
    this.#unchecked.keep(source, file);
    return file;
  }

  #reportMissing({ text, span }: Word, findings: Findings): void {
    const { name, range } = parseFileReference(text);
    const versions = range === undefined ? '' : `, agents/${name}@*.yaml and agents/${name}/*.yaml`;
    const near = suggest(name, this.#project.agentNames());
    findings.report('missing-agent-file', span, `there is no agent file "${name}"`, {
      help: `${near === undefined ? '' : `did you mean "${near}"? `}looked for agents/${name}/agent.yaml and agents/${name}.yaml${versions}`,
    });
  }

  #reportWithoutWork(agent: AgentModel, model: BodyModel, findings: Findings): void {
    const { text, span } = agent.name;
    const looked = model.single ? '' : ` and there is no agent file of its name (agents/${text}/agent.yaml, agents/${text}.yaml)`;
    const defined = model.agents.some(({ index, name }) => index < agent.index && name.text === text);
    findings.report('agent-without-operation', span, `"${text}" has no \`operation\`${looked}`, {
      help: model.single
        ? 'give the agent file an `operation`, or a list of `operations`'
        : defined
          ? `to run the agent that is defined already, write \`- agent: ${text}\` in \`flow\``
          : 'give it an `operation`, or an `agent:` whose file it runs',
    });
  }
}

function hasError({ findings }: Site, { path }: SourceFile): boolean {
  return findings.all.some(({ severity, span }) => severity === 'error' && span.file === path);
}

function allFindings(root: Outcome): readonly Diagnostic[] {
  const reached = new Set([root]);
  for (const outcome of reached) for (const next of outcome.runs) reached.add(next);
  return [...reached].flatMap(({ findings }) => findings);
}
