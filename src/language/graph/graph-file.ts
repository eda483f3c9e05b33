import type { Diagnostic } from '../../program/diagnostic.ts';
import { RULES, type Rule } from '../../program/rules.ts';
import { Analysis } from '../analyze-file.ts';
import { kindOf } from '../lint.ts';
import type { ProjectIndex, SourceFile } from '../project-index.ts';
import { NO_SETTINGS } from '../settings/settings.ts';
import { settleFindings } from '../settle-findings.ts';
import { BodyGraph } from './body-graph.ts';
import { Edges } from './edges.ts';
import type { Graph } from './graph.ts';
import { NodeIds } from './node-ids.ts';

export interface GraphedFile {
  /** Undefined when the text has no structure that could be drawn. */
  readonly graph?: Graph;
  /** What may be missing in the graph, or wrong: the errors without which there would be a program. What this version merely cannot run yet is drawn all the same. */
  readonly errors: readonly Diagnostic[];
}

/** The graph of an ensemble or agent file. Evaluates nothing and never throws for bad input. */
export function graphFile(source: SourceFile, project: ProjectIndex): GraphedFile {
  const { file, findings } = new Analysis(project).analyze(source, kindOf(source));
  const errors = settleFindings(findings, NO_SETTINGS).filter(({ code }) => {
    const rule: Rule = RULES[code];
    return rule.severity === 'error' && rule.optional !== true && code !== 'unsupported-feature';
  });
  if (file === undefined) return { errors };
  const { kind, name } = file.body.model;
  const edges = new Edges();
  const body = new BodyGraph(file, { edges, ids: new NodeIds(), drawn: new Set([source.path]) }, '');
  const nodes = body.drawFile();
  return { graph: { kind, name: name.text, file: source.path, nodes, edges: edges.all }, errors };
}
