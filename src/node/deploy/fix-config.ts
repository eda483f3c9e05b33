import { writeFileSync } from 'node:fs';
import { ProjectProblem } from '../project-problem.ts';
import { replaceText, UnwritableText } from '../replace-text.ts';
import type { ConfigChange } from '../wrangler/config-change.ts';
import { editConfig, UneditableConfig } from '../wrangler/edit-config.ts';
import type { Examination } from './examine-project.ts';
import type { Finding } from './finding.ts';

export interface FixedConfig {
  readonly before: string;
  readonly after: string;
  /** What could not be written, and has to be by hand. */
  readonly refused: readonly string[];
}

const HEAD = `# How wrangler deploys this project: https://developers.cloudflare.com/workers/wrangler/configuration/\n# \`ensemble doctor\` compares it with what the ensembles need, and writes what is missing with --fix.\n`;

/** The configuration with all that findings know how to change; nothing is written. */
export function fixedConfig({ config, isNew }: Pick<Examination, 'config' | 'isNew'>, findings: readonly Finding[]): FixedConfig {
  const isToml = config.file.endsWith('.toml');
  const refused: string[] = [];
  let after = isNew ? HEAD : config.text;
  for (const change of uniqueChanges(findings)) {
    try {
      after = editConfig(after, isToml, [change]);
    } catch (error) {
      if (!(error instanceof UneditableConfig)) throw error;
      refused.push(error.message);
    }
  }
  return { before: config.text, after, refused };
}

function uniqueChanges(findings: readonly Finding[]): readonly ConfigChange[] {
  return [...new Map(findings.flatMap(({ changes }) => changes).map((change) => [JSON.stringify(change), change])).values()];
}

/**
 * Puts the fixed text in place, all of it or nothing.
 * @throws ProjectProblem when it cannot, or the file has changed meanwhile.
 */
export function writeConfig({ config, isNew }: Pick<Examination, 'config' | 'isNew'>, { before, after }: FixedConfig): void {
  try {
    if (isNew) writeFileSync(config.file, after, { flag: 'wx' });
    else replaceText(config.file, before, after);
  } catch (error) {
    if (!(error instanceof UnwritableText || isNew)) throw error;
    throw new ProjectProblem(`${config.shown} is not written: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
