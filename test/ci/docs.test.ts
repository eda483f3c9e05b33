import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Fence, listFences } from '../support/markdown.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Example extends Fence {
  readonly name: string;
}

const examples: readonly Example[] = ['README.md', 'docs/ci.md'].flatMap((page) =>
  listFences(read(page))
    .filter(({ info }) => /^yaml \.\S+$/.test(info))
    .map((fence) => ({ ...fence, name: `${page}:${fence.line} ${fence.info}` })),
);
const find = (file: RegExp) => examples.filter(({ info }) => file.test(info));
const workflows = find(/workflows/).map(({ name, text }) => {
  const { jobs } = parse(text) as { readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>> };
  return { name, text, steps: Object.values(jobs).flatMap(({ steps }) => steps) };
});
const scripts = [
  ...workflows.flatMap(({ name, steps }) => steps.flatMap(({ run }) => (run === undefined ? [] : [{ name, run }]))),
  ...find(/gitlab/).flatMap(({ name, text }) =>
    Object.values(parse(text) as Readonly<Record<string, { readonly script: readonly string[] }>>).map(({ script }) => ({
      name,
      run: script.join('\n'),
    })),
  ),
  ...listFences(read('docs/ci.md')).flatMap(({ info, text, line }) =>
    info === 'sh'
      ? text
          .trim()
          .split('\n')
          .map((run) => ({ name: `docs/ci.md:${line}`, run }))
      : [],
  ),
];

/** A checkout of the examples whose `npx ensemble` is the built CLI, and whose `npm ci` has been run. */
const folder = mkdtempSync(join(tmpdir(), 'ensemble-ci-docs-'));
for (const entry of ['ensembles', 'agents', 'migrations', 'wrangler.toml', 'package.json'])
  cpSync(join(root, entry), join(folder, entry), { recursive: true });
const shims = { npx: `#!/bin/sh\nshift\nexec "${process.execPath}" "${join(root, 'bin/ensemble.js')}" "$@"\n`, npm: '#!/bin/sh\n' };
for (const [name, text] of Object.entries(shims)) {
  writeFileSync(join(folder, name), text);
  chmodSync(join(folder, name), 0o755);
}
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the pages about CI', () => {
  test('have examples of every kind', () => {
    expect(find(/pre-commit/).length).toBeGreaterThan(1);
    expect(workflows.length).toBeGreaterThan(3);
    expect(scripts.length).toBeGreaterThan(5);
  });

  test.each(scripts)('$name: $run', ({ run }) => {
    const { status, stdout, stderr } = spawnSync('bash', ['-eo', 'pipefail', '-c', run], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, PATH: [folder, process.env.PATH].join(delimiter) },
    });
    expect([status, stdout, stderr]).toEqual([0, expect.any(String), expect.any(String)]);
    const written = / > (\S+)/.exec(run)?.[1];
    if (written !== undefined) expect(existsSync(join(folder, written))).toBe(true);
  });

  const inputs = Object.keys((parse(read('action.yml')) as { readonly inputs: object }).inputs);

  test.each(workflows)('$name gives the action inputs that it has, and pins the actions of others', ({ text, steps }) => {
    const ours = steps.filter(({ uses }) => uses === 'OWNER/ensemble@COMMIT');
    for (const step of ours) expect(inputs).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})));
    expect(ours.length > 0 || steps.some(({ run }) => run?.includes('ensemble validate'))).toBe(true);
    const others = [...text.matchAll(/uses: (.*)$/gm)].map(([, uses]) => uses).filter((uses) => uses !== 'OWNER/ensemble@COMMIT');
    for (const uses of others) expect(uses).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test.each(find(/pre-commit/))('$name names a hook of ours', ({ text }) => {
    const { repos } = parse(text) as { readonly repos: readonly { readonly hooks: readonly { readonly id: string }[] }[] };
    const ours = (parse(read('.pre-commit-hooks.yaml')) as readonly { readonly id: string }[]).map(({ id }) => id);
    expect(ours).toEqual(expect.arrayContaining(repos.flatMap(({ hooks }) => hooks.map(({ id }) => id))));
  });

  test('describe every input of the action and every format', async () => {
    const page = read('docs/ci.md');
    const { FORMAT_NAMES } = await import('../../src/cli/validate/formats/format.ts');
    for (const name of [...inputs, ...FORMAT_NAMES]) expect(page, name).toContain(`| \`${name}\` |`);
  });
});
