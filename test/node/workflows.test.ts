import { expect, test } from 'vitest';
import { openTestProject } from '../support/test-project.ts';

const PROGRAM = (engine: string) => `
ensemble: counted
${engine}
agents:
  - { name: one, operation: transform, config: { value: 1 } }
  - { name: two, operation: code, config: { code: 'return \${one.output} + 1' } }
output: "\${two.output}"
`;

test('a local host provides Workflows once an ensemble needs them, and goes on without for others', async () => {
  await using project = await openTestProject({ files: {} });
  const own = await project.runText('ensembles/own.yaml', PROGRAM(''));
  expect(own.finished).toMatchObject({ status: 'succeeded', output: 2 });
  const workflows = await project.runText('ensembles/workflows.yaml', PROGRAM('engine: workflows'));
  expect(workflows.finished).toMatchObject({ status: 'succeeded', output: 2 });
});
