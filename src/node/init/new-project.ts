import { ciWorkflow } from './templates/ci-workflow.ts';
import { agentFile, ensembleFile, TEST_INPUT } from './templates/ensemble.ts';
import { readme } from './templates/readme.ts';
import { devVarsExample, wranglerConfig } from './templates/wrangler.ts';

export interface NewProject {
  /** Of the package and of the Worker. */
  readonly name: string;
  /** Whether the ensemble is started over HTTP and by the clock as well. */
  readonly triggers: boolean;
  /** Of Ensemble. */
  readonly version: string;
}

/** A file of a new project. */
export interface NewFile {
  /** Relative to the project, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** What is done where the file is there already: `refuse` to make the project, `keep` it as it is, or `join` to it what it lacks. */
  readonly ifThere: 'refuse' | 'keep' | 'join';
}

const PACKAGE_FILE = 'package.json';
export const IGNORE_FILE = '.gitignore';

/** The version of wrangler that a new project asks for; the one that this is tested with, or a later 4. */
const WRANGLER_RANGE = '^4.155.0';

/** The files of a new project, in the order in which they are shown. */
export function newProject(project: NewProject): readonly NewFile[] {
  return [
    { path: 'ensembles/word-report.yaml', text: ensembleFile(project), ifThere: 'refuse' },
    { path: 'ensembles/inputs/word-report.json', text: TEST_INPUT, ifThere: 'refuse' },
    { path: 'agents/word-count/agent.yaml', text: agentFile(), ifThere: 'refuse' },
    { path: 'wrangler.toml', text: wranglerConfig(project), ifThere: 'refuse' },
    { path: '.dev.vars.example', text: devVarsExample(project), ifThere: 'refuse' },
    { path: PACKAGE_FILE, text: packageJson(project), ifThere: 'join' },
    { path: IGNORE_FILE, text: 'node_modules/\n.wrangler/\n.ensemble/\n.dev.vars\n.secrets*\n', ifThere: 'join' },
    { path: '.github/workflows/ci.yml', text: ciWorkflow(), ifThere: 'keep' },
    { path: 'README.md', text: readme(project), ifThere: 'keep' },
  ];
}

function packageJson({ name, version }: NewProject): string {
  const content = {
    name,
    private: true,
    type: 'module',
    scripts: {
      validate: 'ensemble validate --strict',
      dev: 'ensemble dev',
      build: 'ensemble build',
      deploy: 'ensemble deploy',
    },
    devDependencies: { 'ensemble-run': `^${version}`, wrangler: WRANGLER_RANGE },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}
