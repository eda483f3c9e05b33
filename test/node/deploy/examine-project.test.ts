import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { examineProject } from '../../../src/node/deploy/examine-project.ts';
import { FINDINGS, type Finding } from '../../../src/node/deploy/finding.ts';
import { fixedConfig } from '../../../src/node/deploy/fix-config.ts';
import { findProject } from '../../../src/node/find-project.ts';
import { ProjectProblem } from '../../../src/node/project-problem.ts';
import { writeProject } from '../../support/written-project.ts';

type Files = Readonly<Record<string, string>>;

const STEP = 'agents:\n  - name: x\n    operation: transform\n    config: { value: 1 }\n';
const PLAIN = { 'ensembles/plain.yaml': `ensemble: plain\n${STEP}` };

/** Needs one of everything. */
const ALL: Files = {
  'ensembles/all.yaml': `ensemble: all
engine: workflows
state: { backend: kv, binding: CARTS }
trigger:
  - { type: queue, queue: orders, batch_size: 20 }
  - { type: cron, cron: 0 3 * * * }
  - { type: cron, cron: 30 4 * * MON }
  - { type: email, addresses: [a@example.com], public: true }
agents:
  - name: ask
    operation: think
    config: { provider: workers-ai, model: "@cf/x", prompt: p }
  - name: query
    operation: data
    config: { backend: d1, query: SELECT 1 }
  - name: keep
    operation: storage
    config: { type: r2, action: put, key: k, value: v }
`,
};

function examine(files: Files, environment?: string) {
  const written = writeProject(files);
  const project = findProject(written.root);
  const examination = examineProject({ project, env: {}, ...(environment === undefined ? {} : { environment }) });
  return { ...examination, [Symbol.dispose]: written[Symbol.dispose] };
}

function codesOf(findings: readonly Finding[]): readonly string[] {
  return [...new Set(findings.filter(({ severity }) => severity !== 'note').map(({ code }) => code))].filter(
    (code) => code !== 'wrangler-missing',
  );
}

/** A configuration that has all that every project needs, with something in place of one part. */
function complete(...changes: readonly [RegExp | string, string][]): string {
  using written = examine({ 'package.json': '{}', ...PLAIN });
  const { after } = fixedConfig(written, written.findings);
  return changes.reduce((text, [from, to]) => {
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    return changed;
  }, after);
}

describe('what is missing is written, and then nothing is missing', () => {
  test.each<[string, Files, string | undefined]>([
    ['no configuration', {}, undefined],
    ['an empty file', { 'wrangler.toml': '' }, undefined],
    [
      'comments, inline tables and lists',
      {
        'wrangler.toml':
          '# Ours\n\nname = "shop" # its name\ncompatibility_flags = [] # none\ndurable_objects = { bindings = [] }\nbuild = { cwd = "." }\nqueues = { producers = [] }\n\n[vars] # plain\nA = "1"\n',
      },
      undefined,
    ],
    [
      'what older runtimes and fewer ensembles needed',
      {
        'wrangler.toml':
          'name = "shop"\ncompatibility_date = "2024-01-01"\n[[migrations]]\ntag = "ensemble-v1"\nnew_sqlite_classes = ["RunObject"]\n[[queues.consumers]]\nqueue = "orders"\n',
      },
      undefined,
    ],
    ['JSON with comments', { 'wrangler.jsonc': '{\n\t// ours\n\t"name": "shop",\n\t"vars": { "A": "1" },\n}\n' }, undefined],
    ['plain JSON', { 'wrangler.json': '{"name":"shop"}' }, undefined],
    [
      'exports in place of migrations',
      { 'wrangler.toml': 'name = "shop"\n[exports]\nRunObject = { type = "durable-object", storage = "sqlite" }\n' },
      undefined,
    ],
    ['an environment', { 'wrangler.toml': 'name = "shop"\n[env.staging]\nname = "shop-staging"\n' }, 'staging'],
    [
      'an environment with lists of its own',
      { 'wrangler.toml': 'name = "shop"\n[triggers]\ncrons = []\n[env.staging]\ntriggers = { crons = [] }\ncompatibility_flags = []\n' },
      'staging',
    ],
  ])('%s', (_, files, environment) => {
    using examined = examine({ ...ALL, ...files }, environment);
    expect(codesOf(examined.findings).length).toBeGreaterThan(5);
    const fixed = fixedConfig(examined, examined.findings);
    expect(fixed.refused).toEqual([]);
    const findings = examined.withText(fixed.after);
    expect(codesOf(findings)).toEqual([]);
    expect(findings.flatMap(({ changes }) => changes)).toEqual([]);
    // What was there is there still.
    for (const line of fixed.before.split('\n').filter((text) => /#|\/\//.test(text))) {
      expect(fixed.after).toContain(line.slice(line.search(/#|\/\//)));
    }
  });
});

describe('what is wrong is told with its place, and is not changed where a person has to decide', () => {
  test.each<[string, Files, string, RegExp]>([
    [
      'a Worker of their own',
      { 'wrangler.toml': complete(['.ensemble/build/index.js', 'src/index.ts']) },
      'worker-main',
      /^wrangler\.toml:\d+ `main` is "src\/index\.ts"/,
    ],
    [
      'a name that wrangler does not take',
      { 'wrangler.toml': complete([/^name = ".*"/m, 'name = "My_Shop"']) },
      'worker-name',
      /^wrangler\.toml:\d+ wrangler takes no Worker of the name "My_Shop"/,
    ],
    ['another folder for modules', { 'wrangler.toml': `base_dir = "src"\n${complete()}` }, 'worker-modules', /:1 `base_dir` is "src"/],
    ['another build command', { 'wrangler.toml': complete(['npx ensemble build', 'make']) }, 'build-command', /"make" does not run/],
    [
      'a binding of another class',
      { 'wrangler.toml': complete([/class_name = "RunObject"/, 'class_name = "Mine"']) },
      'durable-object-binding',
      /ENSEMBLE_RUNS is bound to Mine; it must be this Worker's RunObject/,
    ],
    [
      'a binding to another Worker',
      { 'wrangler.toml': complete([/class_name = "RunObject"/, 'class_name = "RunObject"\nscript_name = "other"']) },
      'durable-object-binding',
      /of the Worker other/,
    ],
    [
      'a class that is deleted',
      { 'wrangler.toml': `${complete()}\n[[migrations]]\ntag = "v2"\ndeleted_classes = ["RunObject"]\n` },
      'lost-class',
      /the migration "v2" gives up the class RunObject/,
    ],
    [
      'a class that is renamed',
      { 'wrangler.toml': `${complete()}\n[[migrations]]\ntag = "v2"\nrenamed_classes = [{ from = "RunIndex", to = "Other" }]\n` },
      'lost-class',
      /gives up the class RunIndex/,
    ],
    [
      'a class without SQLite',
      { 'wrangler.toml': complete(['new_sqlite_classes', 'new_classes']) },
      'durable-object-class',
      /new_classes gives no SQLite to RunObject, StateObject/,
    ],
    [
      'an id that is none',
      { 'wrangler.toml': `${complete()}\n[[kv_namespaces]]\nbinding = "KV"\nid = "todo"\n` },
      'placeholder-id',
      /`id` of KV is "todo"/,
    ],
    [
      'an id of zeros',
      { 'wrangler.toml': `${complete()}\n[[d1_databases]]\nbinding = "DB"\ndatabase_id = "00000000-0000-0000-0000-000000000000"\n` },
      'placeholder-id',
      /`database_id` of DB/,
    ],
    [
      'migrations that are not there',
      { 'wrangler.toml': `${complete()}\n[[d1_databases]]\nbinding = "DB"\nmigrations_dir = "sql"\n` },
      'migrations-folder',
      /the folder sql\/ with the migrations of DB/,
    ],
    [
      'a name that is taken',
      {
        'wrangler.toml': `${complete()}\n[[r2_buckets]]\nbinding = "KV"\n`,
        'ensembles/a.yaml': `ensemble: a\nstate: { backend: kv }\n${STEP}`,
      },
      'storage-binding',
      /needs a KV namespace, and none is bound/,
    ],
    [
      'AI by another name',
      {
        'wrangler.toml': `${complete()}\n[ai]\nbinding = "MODEL"\n`,
        'ensembles/a.yaml':
          'ensemble: a\nagents:\n  - name: ask\n    operation: think\n    config: { provider: workers-ai, model: "@cf/x", prompt: p }\n',
      },
      'ai-binding',
      /bound as MODEL/,
    ],
    [
      'a consumer without ensembles',
      { 'wrangler.toml': `${complete()}\n[[queues.consumers]]\nqueue = "orders"\n` },
      'queue-without-trigger',
      /no ensemble has a trigger for the queue orders/,
    ],
    [
      'a cron without triggers',
      { 'wrangler.toml': `${complete()}\n[triggers]\ncrons = ["* * * * *"]\n` },
      'stale-cron',
      /"\* \* \* \* \*"/,
    ],
    [
      'a variable that nothing declares',
      {
        'wrangler.toml': complete(),
        'ensembles/a.yaml': 'ensemble: a\nagents:\n  - name: x\n    operation: transform\n    config: { value: "${env.REGION}" }\n',
      },
      'variable',
      /^ensembles\/a\.yaml:5 nothing declares the variable REGION/,
    ],
    [
      'a secret among the variables',
      {
        'wrangler.toml': `${complete()}\n[vars]\nAPI_TOKEN = "x"\n`,
        'ensembles/a.yaml': 'ensemble: a\nagents:\n  - name: x\n    operation: transform\n    config: { value: "${env.API_TOKEN}" }\n',
      },
      'secret-in-vars',
      /^wrangler\.toml:\d+ API_TOKEN is a secret/,
    ],
    [
      'keys of the API among the variables',
      { 'wrangler.toml': `${complete()}\n[vars]\nENSEMBLE_API_KEYS = "[]"\n` },
      'secret-in-vars',
      /ENSEMBLE_API_KEYS/,
    ],
    [
      'an ensemble with errors',
      { 'wrangler.toml': complete(), 'ensembles/a.yaml': 'ensemble: a\nagents: nothing\n' },
      'broken-ensemble',
      /^ensembles\/a\.yaml it has 1 error/,
    ],
  ])('%s', (_, files, code, message) => {
    using examined = examine({ ...PLAIN, ...files });
    const found = examined.findings.filter((finding) => finding.code === code);
    expect(
      found.map(
        ({ file, line, message: text }) =>
          `${file?.replace(/^.*\/(?=wrangler|ensembles)/, '')}${line === undefined ? '' : `:${line}`} ${text}`,
      ),
    ).toEqual([expect.stringMatching(message)]);
    expect(found.flatMap(({ changes }) => changes)).toEqual([]);
    expect(codesOf(examined.findings)).toEqual([code]);
  });

  test('triggers of two ensembles that answer the same requests are told before wrangler builds', () => {
    const ensemble = (name: string, path: string) =>
      `ensemble: ${name}\ntrigger: [{ type: http, path: ${path}, methods: [POST], auth: { type: bearer, secret: "\${env.A_TOKEN}" } }]\n${STEP}`;
    using examined = examine({
      'wrangler.toml': complete(['"ENSEMBLE_SEAL_KEY"', '"ENSEMBLE_SEAL_KEY", "A_TOKEN"']),
      'ensembles/a.yaml': ensemble('a', '/orders/:id'),
      'ensembles/b.yaml': ensemble('b', '/orders/:order'),
    });
    const [conflict] = examined.findings.filter(({ code }) => code === 'trigger-conflict');
    expect(conflict?.file).toMatch(/ensembles\/b\.yaml$/);
    expect(conflict?.message).toBe('POST /orders/:order is answered by a trigger of ensembles/a.yaml already');
    expect(codesOf(examined.findings)).toEqual(['trigger-conflict']);
  });

  test('a project without ensembles is told so', () => {
    using examined = examine({ 'wrangler.toml': complete() });
    expect(codesOf(examined.findings)).toEqual(['no-ensembles']);
  });

  test('a configuration that is complete has no findings but notes', () => {
    using examined = examine({ ...PLAIN, 'wrangler.toml': complete() });
    expect(codesOf(examined.findings)).toEqual([]);
    expect(examined.findings.filter(({ severity }) => severity === 'note').map(({ message }) => message)).toEqual([
      expect.stringContaining('ENSEMBLE_API_KEYS must be set'),
      expect.stringContaining('ENSEMBLE_SEAL_KEY must be set'),
    ]);
  });

  test('an environment that is not there is no finding but a problem', () => {
    expect(() => examine({ 'wrangler.toml': complete() }, 'stagin')).toThrow(ProjectProblem);
  });
});

test('an environment of any name is looked for in the build command, and told where it lacks', () => {
  const config = (command: string) => `${complete(['npx ensemble build', command])}\n[env."a(b"]\n`;
  using without = examine({ ...PLAIN, 'wrangler.toml': config('npx ensemble build --env a') }, 'a(b');
  // Its name is no word for a shell.
  expect(without.findings.find(({ code }) => code === 'build-environment')?.changes).toEqual([]);
  for (const command of ['ensemble build --env a(b', 'ensemble build -e a(b --json', 'ensemble build --env=a(b']) {
    using within = examine({ ...PLAIN, 'wrangler.toml': config(command) }, 'a(b');
    expect(codesOf(within.findings)).not.toContain('build-environment');
  }
});

test('migrations that are there are to be applied by hand', () => {
  using examined = examine({
    ...PLAIN,
    'sql/1.sql': '',
    'wrangler.toml': `${complete()}\n[[d1_databases]]\nbinding = "DB"\nmigrations_dir = "sql"\n`,
  });
  expect(codesOf(examined.findings)).toEqual([]);
  expect(examined.findings.find(({ code }) => code === 'migrations')?.help).toBe('npx wrangler d1 migrations apply DB --remote');
});

describe('secrets and variables', () => {
  const reads = (name: string) => ({
    'ensembles/a.yaml': `ensemble: a\nagents:\n  - name: x\n    operation: transform\n    config: { value: "\${env.${name}}" }\n`,
  });

  test('what lies in .dev.vars or .dev.vars.example is a secret, whatever it is called', () => {
    for (const file of ['.dev.vars', '.dev.vars.example']) {
      using examined = examine({ 'wrangler.toml': complete(), ...reads('REGION'), [file]: 'REGION=eu\n' });
      expect(codesOf(examined.findings)).toEqual(['secret-not-required']);
      const note = examined.findings.find(({ severity, message }) => severity === 'note' && message.includes('REGION'));
      expect(note?.help).toBe('npx wrangler secret put REGION');
      expect(note?.message.includes('not in .dev.vars')).toBe(file === '.dev.vars.example');
    }
  });

  test('a variable of the top level is none of an environment', () => {
    using examined = examine({ 'wrangler.toml': `${complete()}\n[vars]\nREGION = "eu"\n[env.live]\n`, ...reads('REGION') }, 'live');
    const found = examined.findings.find(({ code }) => code === 'variable');
    expect(found?.message).toContain('for the environment live, which inherits no variables');
    expect(found?.help).toContain('[env.live.vars]');
  });
});

describe('tools', () => {
  function withWrangler(packageJson: object): readonly Finding[] {
    using written = writeProject({
      ...PLAIN,
      'wrangler.toml': complete(),
      'node_modules/wrangler/package.json': JSON.stringify(packageJson),
    });
    mkdirSync(join(written.root, 'node_modules/.bin'));
    const command = join(written.root, 'node_modules/.bin/wrangler');
    writeFileSync(command, '#!/bin/sh\n');
    chmodSync(command, 0o755);
    const { findings, tools } = examineProject({ project: findProject(written.root), env: {} });
    expect(tools.wrangler?.command).toBe(command);
    return findings.filter(({ code }) => /wrangler|node/.test(code));
  }

  test.each([
    [{ version: '4.155.0', engines: { node: '>=22.0.0' } }, []],
    [{ version: '5.0.0-beta.1' }, []],
    [{ version: '4.99.1' }, ['wrangler-version']],
    [{ version: '4.155.0', engines: { node: '>=99.0.0' } }, ['node-version']],
    [{}, []],
  ])('%j', (packageJson, codes) => {
    expect(withWrangler(packageJson).map(({ code }) => code)).toEqual(codes);
  });

  test('a project without wrangler is told how to get it', () => {
    using examined = examine({ ...PLAIN, 'wrangler.toml': complete() });
    expect(examined.findings.find(({ code }) => code === 'wrangler-missing')?.help).toBe('npm install --save-dev wrangler');
  });
});

test('docs/deploy.md says what to do about each finding', () => {
  const page = readFileSync(new URL('../../../docs/deploy.md', import.meta.url), 'utf8');
  for (const [code, severity] of Object.entries(FINDINGS)) expect(page).toMatch(new RegExp(`^\\| \`${code}\` \\| ${severity} \\|`, 'm'));
});
