import { readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../src/language/compile.ts';
import { findProject } from '../../src/node/find-project.ts';
import type { Host } from '../../src/node/host.ts';
import { openLocalHost } from '../../src/node/local-host.ts';
import { ProjectProblem } from '../../src/node/project-problem.ts';
import type { RunEvent } from '../../src/program/run-event.ts';
import { createRunId } from '../../src/program/run-id.ts';
import { type WrittenProject, writeProject } from '../support/written-project.ts';

const TEXT = 'ensemble: x\nagents: [{ name: a, operation: transform, config: { value: 1 } }]\n';
const GARBAGE = 'no database at all, whoever wrote it';

let project: WrittenProject;
let host: Host;
/** One for each kind of damage, and the last one is left alone. */
const runs: string[] = [];
/** Theirs. */
const files: string[] = [];
const open = () => openLocalHost({ project: findProject(project.root) });
const objects = (name: string) => join(project.root, '.ensemble/v3/do', `ensemble-${name}`);
const databases = (name: string) =>
  readdirSync(objects(name))
    .filter((file) => file.endsWith('.sqlite') && file !== 'metadata.sqlite')
    .map((file) => join(objects(name), file));

async function begin(): Promise<string> {
  const { program } = compile({ path: 'ensembles/x.yaml', text: TEXT });
  const run = createRunId(Date.now());
  if (program !== undefined) for await (const _event of host.run(program, { run, input: {}, vars: {}, secretVars: [] }));
  return run;
}
async function read(run: string): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of (await host.events(run)) ?? []) events.push(event);
  return events;
}
function change(file: string, ...statements: readonly string[]): void {
  const database = new DatabaseSync(file);
  for (const statement of statements) database.exec(statement);
  database.close();
}
const TYPELESS = `update journal set text = '{"seq":0,"at":1}' || char(10)`;
const LISTLESS = `update journal set text = replace(text, '"agents":["a"]', '"agents":7')`;
const OUTPUTLESS = `update journal set text = replace(text, '"attempts":1', '"attempts":{"__proto__":[]}')`;
const DAMAGES: readonly ((file: string) => void)[] = [
  (file) => writeFileSync(file, GARBAGE),
  (file) => truncateSync(file, 5_000),
  (file) => change(file, 'drop table journal', 'create table journal (other)'),
  (file) => change(file, "update journal set text = 'no JSON' || char(10)"),
  (file) => change(file, "update journal set text = 'null' || char(10)"),
  (file) => change(file, TYPELESS),
  (file) => change(file, LISTLESS),
  (file) => change(file, OUTPUTLESS),
];

beforeAll(async () => {
  project = writeProject({});
  host = await open();
  for (const _run of [...DAMAGES, undefined]) {
    runs.push(await begin());
    files.push(...databases('RunObject').filter((file) => !files.includes(file)));
  }
  await host.close();
  for (const [index, damage] of DAMAGES.entries()) {
    const file = files[index] ?? '';
    for (const ending of ['-wal', '-shm']) rmSync(file + ending, { force: true });
    damage(file);
  }
  host = await open();
});
afterAll(async () => {
  await host?.close();
  project?.[Symbol.dispose]();
});

describe('a run whose database is damaged', () => {
  test.each(DAMAGES.map((damage, index) => [String(damage).slice(10, 60), index] as const))(
    'is told as that, with its id: %s',
    async (_damage, index) => {
      const run = runs[index] ?? '';
      await expect(read(run)).rejects.toThrow(ProjectProblem);
      await expect(read(run)).rejects.toThrow(`the record of run ${run} is damaged`);
    },
  );

  test('is none for figures of a clock that was set back, or a type of event that is not known', async () => {
    const [good = ''] = runs.slice(-1);
    await host.close();
    const file = files.at(-1) ?? '';
    change(
      file,
      `update journal set text = replace(replace(text, '"duration_ms":', '"duration_ms":-'), '"type":"agent.started"', '"type":"new.one"')`,
    );
    host = await open();
    const events = await read(good);
    expect(events.map(({ type }) => type as string)).toContain('new.one');
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', output: 1 });
  });

  test('keeps no other from being read, listed, begun', async () => {
    expect((await read(runs.at(-1) ?? '')).at(-1)).toMatchObject({ type: 'run.finished', output: 1 });
    expect((await host.call('runs', {})).runs).toHaveLength(runs.length);
    expect((await read(await begin())).at(-1)).toMatchObject({ output: 1 });
  });
});

test('a list of runs that is damaged is told as that, and runs go on', async () => {
  await host.close();
  const [list = ''] = databases('RunIndex');
  for (const ending of ['-wal', '-shm']) rmSync(list + ending, { force: true });
  writeFileSync(list, GARBAGE);
  host = await open();
  await expect(host.call('runs', {})).rejects.toThrow('the list of runs is damaged');
  expect((await read(await begin())).at(-1)).toMatchObject({ output: 1 });
});

test('data that the runtime does not start on is a problem of the project', async () => {
  await host.close();
  for (const ending of ['', '-wal', '-shm']) rmSync(join(objects('RunObject'), `metadata.sqlite${ending}`), { force: true });
  writeFileSync(join(objects('RunObject'), 'metadata.sqlite'), GARBAGE);
  await expect(open()).rejects.toThrow(ProjectProblem);
  await expect(open()).rejects.toThrow(/cannot open the data in .*SQLITE_NOTADB\): put it back from a copy/);
});
