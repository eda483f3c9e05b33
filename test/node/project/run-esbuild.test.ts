import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundleScript } from '../../../src/node/project/bundle-script.ts';

function esbuildsOfThis(): readonly number[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s.*esbuild.* --service=/.exec(line))
    .flatMap((found) => (Number(found?.[2]) === process.pid ? [Number(found?.[1])] : []));
}

test('scripts are bundled after the process of esbuild was ended, too', async () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'run-esbuild-')));
  try {
    const file = join(root, 'script.ts');
    writeFileSync(file, 'export default (input: number): number => input;');
    const bundled = bundleScript(file, root);
    expect(bundled).toMatchObject({ source: expect.stringContaining('(input) => input') });
    const [pid = Number.NaN] = esbuildsOfThis();
    process.kill(pid, 'SIGKILL');
    await expect.poll(esbuildsOfThis).toEqual([]);
    expect(bundleScript(file, root)).toEqual(bundled);
  } finally {
    rmSync(root, { recursive: true });
  }
});
