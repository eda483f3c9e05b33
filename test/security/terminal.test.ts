import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands/index.ts';
import { main } from '../../src/cli/main.ts';
import { createFakeIo, type FakeIoOptions } from '../cli/support/fake-io.ts';
import { type WrittenProject, writeProject } from '../support/written-project.ts';
import { hostileHost, RUN } from './support/hostile-host.ts';
import { actingLines, HOSTILE } from './support/hostile-text.ts';

/** A name of a file may hold all but these. */
const NAME = HOSTILE.replaceAll('/', '').replaceAll('\0', '').toWellFormed().slice(0, 120);
const BROKEN = `ensemble: broken\nagents:\n  - { name: x, operation: lag, config: { value: "\${nobody.output}" } }\n  # ${HOSTILE.replaceAll('\n', '')}\n  - "${JSON.stringify(HOSTILE).slice(1, -1)}"\n`;
const CLEAN = `ensemble: ${JSON.stringify(HOSTILE)}\nagents:\n  - { name: a, operation: transform, config: { value: ${JSON.stringify(HOSTILE)} } }\n`;
const FINE = 'ensemble: fine\nagents:\n  - { name: a, operation: transform, config: { value: 1 } }\n';
const EVIL_FILE = `ensembles/${NAME}.yaml`;

/** Command lines of each command that there is: without arguments of its own a new one fails below. */
const LINES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  init: [[`new${NAME}`, '--yes']],
  run: [
    ['fine'],
    ['fine', '--json'],
    ['fine', '--quiet'],
    ['fine', '--dry-run', '--input', JSON.stringify({ [HOSTILE]: HOSTILE })],
    ['fine', '--dry-run', '--json', '--input', JSON.stringify({ [HOSTILE]: HOSTILE })],
    ['fine', '--each', 'rows.jsonl', '--fresh'],
    ['fine', '--each', 'rows.jsonl', '--dry-run', '--json'],
    [EVIL_FILE],
    [`${NAME}none`],
    ['broken'],
    ['fine', '--input', HOSTILE],
    ['fine', '--input', `@${NAME}`],
    ['fine', `${HOSTILE}`],
    ['fine', '--var', HOSTILE],
    ['fine', '--answer', `${HOSTILE}=approve`],
  ],
  attach: [[RUN], [RUN, '--json'], [HOSTILE]],
  pause: [[RUN], [RUN, '--reason', HOSTILE], [RUN, '--json']],
  resume: [[RUN], [RUN, '--with-current']],
  cancel: [[RUN], [RUN, '--json'], [HOSTILE]],
  approve: [[RUN], [RUN, HOSTILE], [RUN, 'b'], [RUN, '--json']],
  reject: [[RUN], [RUN, HOSTILE, '--approver', HOSTILE]],
  signal: [
    [RUN, HOSTILE],
    [RUN, HOSTILE, '--json'],
  ],
  runs: [[], ['--json'], [HOSTILE], ['--status', HOSTILE], ['--since', HOSTILE]],
  show: [[RUN], [RUN, '--verbose'], [RUN, '--json'], [RUN, '--agent', HOSTILE], [RUN, '--agent', 'b'], [HOSTILE]],
  logs: [[RUN], [RUN, '--json'], [RUN, '--agent', HOSTILE]],
  checkpoints: [[RUN], [RUN, '--json']],
  diff: [
    [RUN, RUN],
    [RUN, RUN, '--json'],
    [RUN, HOSTILE],
  ],
  fork: [
    [RUN, '--from', HOSTILE],
    [RUN, '--from', 'b'],
    [RUN, '--from', '1', '--set', `${HOSTILE}=1`],
  ],
  replay: [[RUN], [RUN, '--json']],
  state: [[RUN], [RUN, '--at', HOSTILE]],
  'state get': [[HOSTILE], [HOSTILE, HOSTILE], [HOSTILE, '--json']],
  'state list': [[HOSTILE], [HOSTILE, '--json']],
  'state set': [
    [HOSTILE, `${HOSTILE}=1`],
    [HOSTILE, 'x=1', '--json'],
  ],
  'state delete': [[HOSTILE, HOSTILE]],
  'state history': [[HOSTILE], [HOSTILE, '--json']],
  'state diff': [
    [HOSTILE, '--since', '1'],
    [HOSTILE, '--since', HOSTILE],
  ],
  'state watch': [[HOSTILE, '--every', HOSTILE]],
  'state snapshot': [
    [HOSTILE, '--name', 'x'],
    [HOSTILE, '--name', HOSTILE],
  ],
  'state snapshots': [[HOSTILE], [HOSTILE, '--json']],
  'state restore': [
    [HOSTILE, '--to', '1'],
    [HOSTILE, '--to', HOSTILE],
  ],
  'state scopes': [[], ['--json']],
  stats: [[], ['--json'], [HOSTILE]],
  prune: [
    ['--older-than', '1d', '--dry-run'],
    ['--older-than', HOSTILE],
    ['--ensemble', HOSTILE, '--older-than', '1d'],
  ],
  dev: [
    ['--port', HOSTILE],
    ['--host', HOSTILE, '--port', '99999'],
  ],
  'trigger cron': [[HOSTILE]],
  'trigger queue': [
    [HOSTILE, '--message', HOSTILE],
    [HOSTILE, '--message', '1'],
  ],
  'trigger email': [[HOSTILE, '--from', HOSTILE]],
  'host status': [[], ['--json']],
  'host stop': [[]],
  build: [
    ['--out', NAME],
    ['--env', HOSTILE],
  ],
  doctor: [[], ['--json'], ['--env', HOSTILE]],
  deploy: [['--dry-run']],
  'keys create': [[HOSTILE], ['ci', '--scope', HOSTILE]],
  validate: [...['pretty', 'compact', 'json', 'sarif', 'junit'].map((format) => ['--format', format]), [HOSTILE], ['--rule', HOSTILE]],
  graph: [...['mermaid', 'dot', 'json', 'svg'].map((format) => [EVIL_FILE, '--format', format]), ['broken'], ['fine', '--format', HOSTILE]],
  explain: [[HOSTILE]],
  eval: [[HOSTILE], [`1 + ${JSON.stringify(HOSTILE)}`], ['`##${"[x]"}`'], ['1', '--scope', NAME]],
  schema: [[HOSTILE]],
  lsp: [[HOSTILE]],
};

let project: WrittenProject;
beforeAll(() => {
  project = writeProject({
    'ensembles/fine.yaml': FINE,
    'ensembles/broken.yaml': BROKEN,
    'agents/##[x].yaml': BROKEN,
    'wrangler.toml': `name = "shop"\n[[kv_namespaces]]\nbinding = ${JSON.stringify(NAME)}\nid = "x"\n[env.${JSON.stringify('a\u001b[2J##[x]').replaceAll('\u001b', '\\u001b')}]\n`,
    'rows.jsonl': `{"x":1}\n{${HOSTILE}\n`,
  });
  mkdirSync(join(project.root, `agents/${NAME}`));
  writeFileSync(join(project.root, EVIL_FILE), CLEAN);
  writeFileSync(join(project.root, `ensembles/b${NAME}.yaml`), BROKEN);
});
afterAll(() => project?.[Symbol.dispose]());

/** Where output goes, with how much of it a terminal acts on by itself. */
const PLACES: Readonly<Record<string, FakeIoOptions>> = {
  'a terminal with colours': { tty: true, columns: 80, env: { FORCE_COLOR: '1', TERM: 'xterm' } },
  'a log': { env: { NO_COLOR: '1', CI: 'true' } },
};

function namesOf(command: Command, path: string): readonly string[] {
  const inner = command.commands.flatMap((sub) => namesOf(sub, `${path} ${sub.name()}`.trim()));
  return path !== '' && (inner.length === 0 || command.registeredArguments.length > 0) ? [path, ...inner] : inner;
}

test('every command has its lines here', () => {
  const program = new Command();
  for (const define of COMMANDS) define(program, {} as never);
  expect(Object.keys(LINES).toSorted()).toEqual(namesOf(program, '').toSorted());
});

describe.each(Object.entries(PLACES))('in %s', (_, place) => {
  test.each(Object.entries(LINES))('%s shows hostile names, values and answers without acting on who reads them', async (name, lines) => {
    for (const line of lines) {
      for (const [refuses, over] of [
        [false, true],
        [true, false],
      ] as const) {
        const io = createFakeIo({ ...place, cwd: project.root, stdin: '' });
        const host = hostileHost(HOSTILE, refuses, over);
        const code = await main([...name.split(' '), ...line], io, host.open);
        const told = { line: [name, ...line].join(' '), refuses, over, code };
        expect({ ...told, acting: actingLines(io.stdout.text + io.stderr.text, place.tty === true) }).toEqual({ ...told, acting: [] });
        expect({ ...told, bug: code === 70 ? io.stderr.text : '' }).toMatchObject({ bug: '' });
        if (line.includes('--json') && io.stdout.text !== '')
          expect(() =>
            io.stdout.text
              .trim()
              .split(/\n(?=[{[])/)
              .map((text) => JSON.parse(text)),
          ).not.toThrow();
        // It asked nobody: the other answers would change nothing.
        if (host.closed === 0) break;
      }
    }
  });
});
