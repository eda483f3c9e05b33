import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { lint } from '../src/language/lint.ts';
import type { ProjectIndex } from '../src/language/project-index.ts';
import { openProjectIndex } from '../src/node/project/project-index.ts';
import { completeFragment, listSeeds, readSeed, seedAgents, seedsPresent } from './support/seed-examples.ts';
import { writeProject } from './support/written-project.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const findingsIn = (path: string, text: string, project: ProjectIndex): readonly string[] =>
  lint({ path, text }, project).map(({ code, span, severity }) => `${span.line}:${span.column} ${severity} ${code}`);

describe('the examples of this repository', () => {
  const files = ['ensembles', 'agents/word-count'].flatMap((folder) =>
    readdirSync(`${root}${folder}`)
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => `${folder}/${name}`),
  );

  test.each(files)('%s is found to be without a mistake', (path) => {
    expect(findingsIn(path, readFileSync(root + path, 'utf8'), openProjectIndex(root, { scripts: 'read' }))).toEqual([]);
  });
});

/** Each of these is right: read the file. */
const TRUE_FINDINGS: Readonly<Record<string, readonly string[]>> = {
  '03-resilient-pipeline.yaml': ['6:5 warning unused-state-key'],
  '04-contextual-conversation.yaml': ['28:44 warning state-never-set'],
  '06-stateful-pipeline-d1.yaml': ['23:13 warning unneeded-use'],
  '07-my-ensemble.yaml': ['4:9 warning text-repair'],
  '08-agent-stateful-agent.yaml': ['12:13 warning text-repair'],
  'fragments/01-basic-state-schema.yaml': ['5:5 warning unused-state-key', '6:5 warning unused-state-key', '7:5 warning unused-state-key'],
  'fragments/02-read-state.yaml': ['8:25 warning state-never-set'],
  'fragments/03-write-state.yaml': ['15:9 warning state-never-read'],
  'fragments/04-direct-output-reference.yaml': ['13:13 warning text-repair'],
  'fragments/06-state-access.yaml': ['8:13 warning text-repair', '8:31 warning state-never-set'],
  // `processData` is left to the reader.
  'fragments/08-debug-state-code.yaml': ['9:24 warning undefined-name'],
};

describe.runIf(seedsPresent)('the published examples', () => {
  test.each([...listSeeds(), ...listSeeds('fragments/').map((name) => `fragments/${name}`)])('in %s is found what is true', (name) => {
    using project = writeProject(seedAgents());
    const text = name.startsWith('fragments/') ? completeFragment(name.slice('fragments/'.length)) : readSeed(name);
    expect(findingsIn(`ensembles/${name}`, text, openProjectIndex(project.root))).toEqual(TRUE_FINDINGS[name] ?? []);
  });
});
