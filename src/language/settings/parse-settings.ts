import { ENGINES } from '../../program/deployment.ts';
import type { Diagnostic } from '../../program/diagnostic.ts';
import type { RuleName } from '../../program/rules.ts';
import type { Located } from '../document/located.ts';
import { parseDocument } from '../document/parse-document.ts';
import { Findings } from '../model/findings.ts';
import type { SourceFile } from '../project-index.ts';
import { checkShape } from '../schema/check-shape.ts';
import { settleFindings } from '../settle-findings.ts';
import { checkLevel } from './check-level.ts';
import { isRuleName } from './rule-names.ts';
import { DEFAULT_SETTINGS, LEVELS, type Level, NO_SETTINGS, type ProjectSettings } from './settings.ts';

export interface ParsedSettings {
  /** What can be read of them. */
  readonly settings: ProjectSettings;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads `ensemble.config.yaml`. A file of nothing but comments sets nothing; whatever the text is, it never throws. */
export function parseSettings(source: SourceFile): ParsedSettings {
  const findings = new Findings();
  const { root, diagnostics } = parseDocument(source);
  findings.add(diagnostics.filter(({ code }) => code !== 'empty-file'));
  const settings = root === undefined ? DEFAULT_SETTINGS : readSettings(root, findings);
  return { settings, diagnostics: settleFindings(findings.all, NO_SETTINGS) };
}

function readSettings(root: Located, findings: Findings): ProjectSettings {
  findings.add(checkShape(root, 'config'));
  const partOf = (key: string): Located | undefined =>
    root.kind === 'mapping' ? root.entries.find((entry) => entry.key.text === key)?.value : undefined;
  const paths = readTexts(partOf('paths'));
  const engine = ENGINES.find((name) => isWord(partOf('engine'), name));
  return {
    rules: readRules(partOf('rules'), findings),
    ...(engine !== undefined && { engine }),
    ...(paths.length > 0 && { paths }),
    exclude: readTexts(partOf('exclude')),
    env: readTexts(partOf('env')),
  };
}

const isWord = (value: Located | undefined, word: string): boolean => value?.kind === 'scalar' && value.value === word;

function readRules(rules: Located | undefined, findings: Findings): ReadonlyMap<RuleName, Level> {
  const levels = new Map<RuleName, Level>();
  for (const { key, value } of rules?.kind === 'mapping' ? rules.entries : []) {
    const level = LEVELS.find((name) => value.kind === 'scalar' && value.value === name);
    const problem = checkLevel(key.text, level ?? 'error');
    if (problem !== undefined) {
      findings.report(problem.code, problem.code === 'unknown-rule' ? key.span : value.span, problem.message, { help: problem.help });
    } else if (level !== undefined && isRuleName(key.text)) levels.set(key.text, level);
  }
  return levels;
}

function readTexts(list: Located | undefined): readonly string[] {
  if (list?.kind !== 'list') return [];
  return list.items.flatMap((item) => (item.kind === 'scalar' && typeof item.value === 'string' ? [item.value] : []));
}
