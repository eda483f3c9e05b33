import { readFileSync } from 'node:fs';

/** One file of an example: its path in a project, and its text. */
export interface ExampleFile {
  readonly path: string;
  readonly text: string;
  /** See `SourceFile.unreadable`. */
  readonly unreadable?: string;
}

/** A rule's page in src/language/rules/: prose, then `### Wrong` and `### Right`, each with one fence or more. The first one is the file that is checked. */
export interface RulePage {
  readonly prose: string;
  readonly wrong: readonly ExampleFile[];
  readonly right: readonly ExampleFile[];
}

/** A fence says `yaml` or `toml`, and behind it the path of its file where that is not `ensembles/example.yaml`: "```yaml agents/greet.yaml". */
const FENCE = /^```\w+(?: (\S+))?\n([\s\S]*?)^```$/gm;

export function readRulePage(rule: string): RulePage {
  const text = readFileSync(new URL(`../../src/language/rules/${rule}.md`, import.meta.url), 'utf8');
  const [prose = '', examples = ''] = text.split(/^### Wrong$/m);
  const [wrong = '', right = ''] = examples.split(/^### Right$/m);
  return { prose: prose.trim(), wrong: readFences(wrong), right: readFences(right) };
}

function readFences(text: string): readonly ExampleFile[] {
  return [...text.matchAll(FENCE)].map(([, path = 'ensembles/example.yaml', content = '']) => ({ path, text: content }));
}
