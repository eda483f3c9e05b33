import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lint } from '../src/language/lint.ts';
import { openProjectIndex } from '../src/node/project/project-index.ts';
import { runMain } from './cli/support/run-main.ts';
import { listFences } from './support/markdown.ts';
import { writeProject } from './support/written-project.ts';

const fences = listFences(readFileSync(new URL('../docs/validate.md', import.meta.url), 'utf8'));
const textOf = (info: string): string => fences.find((fence) => fence.info === info)?.text ?? '';

describe('docs/validate.md', () => {
  test('shows what its example gives', async () => {
    const path = 'ensembles/report.yaml';
    using project = writeProject({ [path]: textOf(`yaml ${path}`) });
    const { stdout } = await runMain(['validate', path], { cwd: project.root });
    expect(stdout).toBe(textOf('text findings'));
  });

  test('shows a comment that ignores what would be found', () => {
    using project = writeProject({ '.dev.vars': 'OTHER=1\n' });
    const codes = (text: string) => lint({ path: 'ensembles/x.yaml', text }, openProjectIndex(project.root)).map(({ code }) => code);
    const example = textOf('yaml ignore');
    expect(codes(example)).toEqual([]);
    expect(codes(example.replace(/^.*ensemble-ignore.*\n/m, ''))).toEqual(['undeclared-variable']);
  });
});
