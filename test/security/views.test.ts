import { describe, expect, test } from 'vitest';
import type { CodeRunner } from '../../src/runtime/ports.ts';
import { programOf } from '../runtime/engine/support/program-of.ts';
import { runToEnd } from '../runtime/engine/support/test-run.ts';
import { armProbes, sightings } from './support/probes.ts';

/** The agents whose results probes look for: those of every file of the world. */
const AGENTS = ['before', 'note', 'breaks', 'fails', 'mapped', 'paid', 'after', 'own', 'file-own'];

interface Kind {
  /** The work of an agent that looks for everything. */
  readonly work: string;
  /** Roots that this kind of work is handed over only by name: they cannot be there unless the author writes them down. */
  readonly without: readonly string[];
}

const KINDS: Readonly<Record<string, Kind>> = {
  'an expression': { work: 'operation: transform, config: { value: "${input.probe}" }', without: [] },
  'a Jexl expression': { work: 'operation: transform, config: { value: "$<input.probe>" }', without: [] },
  'a code body': {
    work: 'operation: code, config: { code: "return input.probe" }',
    without: ['trigger', 'item', 'loop', 'error', 'mapResults'],
  },
};

const world = (probe: string) => `
ensemble: world
state:
  schema:
    open: { type: string, default: «open» }
    closed: { type: string, default: «closed» }
agents:
  - { name: before, operation: transform, config: { value: «before» } }
  - { name: plain, ${probe}, state: { use: [open] } }
  - { name: with-input, ${probe}, input: { given: «given», probe: 0 } }
  - type: foreach
    items: [«item 0», «item 1»]
    concurrency: 2
    steps:
      - { name: note, operation: transform, config: { value: "«note \${index}»" } }
      - { name: in-loop, ${probe}, state: { use: [open] } }
      - { name: child-in-loop, ensemble: child, input: { given: «given \${index}» } }
      - { name: file-in-loop, agent: helper, input: { given: «given \${index}» } }
  - type: foreach
    items: [«outer»]
    steps:
      - { type: foreach, items: [«inner»], steps: [{ name: in-inner-loop, ${probe} }] }
  - { name: looped, loop: { items: [«turn 0», «turn 1»] }, ${probe} }
  - parallel:
      - { name: in-parallel, ${probe} }
  - type: try
    steps: [{ name: breaks, operation: assert, config: { that: false, message: «broken» } }]
    catch:
      - { name: in-catch, ${probe} }
      - { name: child-in-catch, ensemble: child, input: {} }
    finally: [{ name: in-finally, ${probe} }]
  - type: map-reduce
    items: [«row 0», «row 1»]
    map:
      - { name: in-map, ${probe} }
      - { name: mapped, operation: transform, config: { value: "«mapped \${index}»" } }
    reduce:
      - { name: in-reduce, ${probe} }
  - name: fails
    operation: assert
    config: { that: false, message: «failed» }
    onError:
      - { name: in-handler, ${probe} }
  - type: foreach
    items: [«order 0», «order 1»]
    steps:
      - name: paid
        operation: transform
        config: { value: "«paid \${index}»" }
        compensate: { name: undo, ${probe}, state: { use: [open] } }
  - { name: after, operation: transform, config: { value: «after» }, state: { set: { open: «changed» } } }
  - { name: at-last, ${probe}, state: { use: [open] } }
  - { name: boom, operation: assert, config: { that: "\${after.output == ''}" } }
`;

const child = (probe: string) => `
ensemble: child
state: { schema: { open: { type: string, default: «child open» }, closed: { type: string, default: «child closed» } } }
agents:
  - { name: too-early, ${probe} }
  - { name: own, operation: transform, config: { value: «child own» }, state: { set: { open: «child changed» } } }
  - { name: in-child, ${probe}, state: { use: [open] } }
output: «child»
`;

const helper = (probe: string) => `
agent: helper
state: { schema: { open: { type: string, default: «file open» } } }
operations:
  - { name: file-own, operation: transform, config: { value: «file own» } }
  - { name: in-file, ${probe} }
outputs: «file»
`;

/** Hands back whatever it is given. */
const echo: CodeRunner = {
  call: async (_, { input, state, env, agents }) => ({ ok: true, value: { input, state, env, agents }, setState: undefined, logs: [] }),
};

/** What each place may see, and nothing else (LANGUAGE §2.4, §3.2, §4.1, §6, §9). */
const EVERYWHERE = ['env: variable', 'input: input', 'trigger: trigger'];
const IN_FILE = (number: number) => ['env: variable', `input: given ${number}`];
const AFTER_LOOP = [...EVERYWHERE, 'before: before', 'note: note 1'];
const AFTER_TRY = [...AFTER_LOOP, 'breaks: broken'];
const AFTER_MAP = [...AFTER_TRY, 'mapped: mapped 1'];
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  plain: [...EVERYWHERE, 'before: before', 'state: open'],
  'with-input': ['before: before', 'env: variable', 'input: given', 'trigger: trigger'],
  'in-loop[0]': [...EVERYWHERE, 'before: before', 'note: note 0', 'state: open', 'item: item 0', 'loop: item 0'],
  'in-loop[1]': [...EVERYWHERE, 'before: before', 'note: note 1', 'state: open', 'item: item 1', 'loop: item 1'],
  'child-in-loop[0]/too-early': IN_FILE(0),
  'child-in-loop[1]/too-early': IN_FILE(1),
  'child-in-loop[0]/in-child': [...IN_FILE(0), 'own: child own', 'state: child changed'],
  'child-in-loop[1]/in-child': [...IN_FILE(1), 'own: child own', 'state: child changed'],
  'file-in-loop[0]/in-file': [...IN_FILE(0), 'file-own: file own'],
  'file-in-loop[1]/in-file': [...IN_FILE(1), 'file-own: file own'],
  'in-inner-loop[0][0]': [...AFTER_LOOP, 'item: inner', 'loop: inner'],
  'looped[0]': [...AFTER_LOOP, 'item: turn 0', 'loop: turn 0'],
  'looped[1]': [...AFTER_LOOP, 'item: turn 1', 'loop: turn 1'],
  'in-parallel': AFTER_LOOP,
  'in-catch': [...AFTER_TRY, 'error: broken'],
  'child-in-catch/too-early': ['env: variable'],
  'child-in-catch/in-child': ['env: variable', 'own: child own', 'state: child changed'],
  'in-finally': [...AFTER_TRY, 'error: broken'],
  'in-map[0]': [...AFTER_TRY, 'item: row 0', 'loop: row 0'],
  'in-map[1]': [...AFTER_TRY, 'item: row 1', 'loop: row 1'],
  'in-reduce': [...AFTER_MAP, 'mapResults: mapped 0', 'mapResults: mapped 1'],
  'in-handler': [...AFTER_MAP, 'error: failed', 'fails: failed'],
  'at-last': [...AFTER_MAP, 'fails: failed', 'paid: paid 1', 'after: after', 'state: changed'],
};

describe.each(Object.entries(KINDS))('%s that reads every name there is', (_, { work, without }) => {
  const program = armProbes(programOf(world(work), { helper: helper(work) }, { child: child(work) }), AGENTS);
  const ran = runToEnd(program, { input: { own: '«input»' }, trigger: { from: '«trigger»' }, env: { PUBLIC: '«variable»' }, code: echo });
  const visible = (all: readonly string[]) => all.filter((one) => !without.some((root) => one.startsWith(`${root}: `))).sort();

  test.each(Object.keys(EXPECTED))('sees from %s what the language says', async (place) => {
    expect(sightings((await ran).events)[place]).toEqual(visible(EXPECTED[place] ?? []));
  });

  test('is asked for everything in each of these places and in no other', async () => {
    const places = Object.keys(sightings((await ran).events)).filter((path) =>
      /too-early|plain|with|^in-|\/in-|looped\[|at-last/.test(path),
    );
    expect(places.sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  test('sees from a compensation the scope as it stood after its agent', async () => {
    const { finished, events } = await ran;
    expect(finished).toMatchObject({ status: 'failed', agent: 'boom' });
    const undone = sightings(events);
    for (const turn of [0, 1]) {
      expect(undone[`undo[${turn}]`]).toEqual(
        visible([...AFTER_MAP, 'fails: failed', `paid: paid ${turn}`, 'state: open', `item: order ${turn}`, `loop: order ${turn}`]),
      );
    }
  });
});
