import { expect, test } from 'vitest';
import { lint } from '../../../../src/language/lint.ts';
import { EMPTY_PROJECT } from '../../../../src/language/project-index.ts';

const findings = (flow: string) =>
  lint(
    {
      path: 'ensembles/x.yaml',
      text: `ensemble: x\nagents:\n  - { name: a, operation: log, config: { message: hi } }\nflow: ${flow}\noutput: \${input.x}\n`,
    },
    EMPTY_PROJECT,
  );

test('a flow that is no list is one finding: nothing is said of the agents that it leaves out', () => {
  for (const flow of ['sequential', '{ a: {} }']) expect(findings(flow).map(({ code }) => code)).toEqual(['wrong-type']);
});

test('an entry of a flow is shown as such', () => {
  expect(findings('[{ agent: a }, a]').map(({ message }) => message)).toEqual([
    'an item of `flow` must be a mapping such as `- agent: …`, found "a"',
  ]);
});

test('an entry that names a defined agent by `name` is told to run it by `agent`', () => {
  expect(findings('[{ agent: a, id: b }, { name: a }]').map(({ code, help }) => [code, help])).toEqual([
    ['agent-without-operation', 'to run the agent that is defined already, write `- agent: a` in `flow`'],
  ]);
});
