import { expect, test } from 'vitest';
import { buildPlan } from '../../src/cli/plan/build-plan.ts';
import { showPlan } from '../../src/cli/plan/show-plan.ts';
import type { Program } from '../../src/program/program.ts';
import { createFakeIo } from './support/fake-io.ts';
import { programOf } from './support/program-of.ts';

const PART = `agent: part
operations:
  - name: inner
    operation: transform
    config: { value: 1 }
`;
const PROGRAM = programOf(
  `ensemble: shop
agents:
  - name: charge
    operation: http
    config: { url: "https://pay.example" }
    cache: { ttl: 3600, key: "\${input.id}" }
    timeout: { attempt: 10s, total: 1m }
    compensate: { operation: http, config: { url: "https://pay.example/undo", method: POST } }
    onError:
      - { name: tell, operation: log, config: { message: "\${error.message}" } }
  - name: rows
    operation: http
    loop: { items: "\${input.rows}", concurrency: 4 }
    config: { url: "https://x.example/\${item}" }
  - name: each
    type: foreach
    items: \${input.rows}
    breakWhen: \${part.output > 3}
    steps:
      - { name: part, agent: part }
  - { name: part-again, agent: part }
  - name: check
    type: branch
    condition: \${input.big}
    then:
      - { name: large, operation: log, config: { message: large } }
    else:
      - { name: small, operation: log, config: { message: small } }
  - name: route
    type: switch
    value: \${input.kind}
    cases:
      refund:
        - { name: pay-back, operation: log, config: { message: x } }
  - name: race
    type: parallel
    waitFor: any
    steps:
      - { name: fast, operation: http, config: { url: "https://x.example/" } }
      - { name: backup, operation: http, config: { url: "https://x.example/" } }
  - name: poll
    type: while
    condition: \${index < 3}
    steps:
      - { name: once, operation: http, config: { url: "https://x.example/" } }
  - name: safe
    type: try
    steps:
      - { name: risky, operation: http, config: { url: "https://x.example/" } }
    catch:
      - { name: rescue, operation: log, config: { message: "\${error.code}" } }
  - name: totals
    type: map-reduce
    items: \${input.rows}
    map:
      - { name: one, operation: transform, config: { value: "\${item}" } }
    reduce:
      - { name: all, operation: transform, config: { value: "\${mapResults}" } }
output: \${totals.output}
`,
  { part: PART },
);

function show(program: Program): readonly string[] {
  const io = createFakeIo();
  showPlan(buildPlan(program, {}), io);
  return io.stdout.text.trimEnd().split('\n');
}

test('the plan shows flow as a tree, with loops, caches, handlers and what undoes what', () => {
  expect(show(PROGRAM).slice(6, -2)).toEqual([
    '  1  charge  http',
    '     timeout 10.0 s · 1 m 00 s in all · cached by ${input.id} for 1 h 00 m · goes on when it fails',
    '     on error',
    '       tell  log',
    '     undone, when the run fails later, by',
    '       charge:compensate  http',
    '  2  rows  http',
    '     for each of ${input.rows} · 4 at once',
    '  3  each  foreach',
    '     for each of ${input.rows} · until ${part.output > 3}',
    '       part  agent file part',
    '         part/inner  transform',
    '  4  part-again  agent file part',
    '  5  check  branch',
    '     if ${input.big}',
    '     then',
    '       large  log',
    '     else',
    '       small  log',
    '  6  route  switch',
    '     by ${input.kind}',
    '     case refund',
    '       pay-back  log',
    '  7  race  parallel',
    '     until one succeeds',
    '       fast  http',
    '       backup  http',
    '  8  poll  while',
    '     as long as ${index < 3} · at most 1,000 rounds',
    '       once  http',
    '  9  safe  try',
    '       risky  http',
    '     catch',
    '       rescue  log',
    ' 10  totals  map-reduce',
    '     for each of ${input.rows}',
    '       one  transform',
    '     reduce',
    '       all  transform',
  ]);
});

test('with concurrency the plan says what waits for what, without what that implies', () => {
  const { body } = PROGRAM;
  const steps = body.steps.slice(3, 6).concat(body.steps.slice(7, 8));
  const program = { ...PROGRAM, body: { ...body, concurrency: 4, steps, dependencies: [[], [0], [0, 1], []] } };
  const lines = show(program);
  expect(lines).toContain('at once    4 steps that do not wait for each other');
  expect(lines.filter((line) => line.includes('waits for'))).toEqual([
    '     waits for nothing',
    '     if ${input.big} · waits for part-again',
    '     by ${input.kind} · waits for check',
    '     as long as ${index < 3} · at most 1,000 rounds · waits for nothing',
  ]);
});

test('the JSON of the plan has the same tree', () => {
  const plan = JSON.parse(JSON.stringify(buildPlan(PROGRAM, { id: 1 })));
  expect(plan.steps[1]).toMatchObject({ agent: 'rows', loop: { items: '${input.rows}', concurrency: 4 } });
  expect(plan.steps[2]).toMatchObject({
    step: 'each',
    kind: 'foreach',
    blocks: [{ block: 'steps', steps: [{ agent: 'part', blocks: [{ block: 'file', steps: [{ agent: 'part/inner' }] }] }] }],
  });
  expect(plan.steps[0].blocks.map(({ block }: { block: string }) => block)).toEqual(['onError', 'compensate']);
});
