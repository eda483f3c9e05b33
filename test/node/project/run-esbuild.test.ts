import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { bundleScript } from '../../../src/node/project/bundle-script.ts';
import { runEsbuild } from '../../../src/node/project/run-esbuild.ts';
import { atLimit } from '../../support/at-limit.ts';

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

/** What comes of a script that esbuild needs so long for. */
function bundledIn(ms: number): ReturnType<typeof runEsbuild> {
  const { wait } = Atomics;
  const waited = vi.spyOn(Atomics, 'wait').mockImplementation((ended, index, value, limitMs = 0) => {
    const end = wait(ended, index, value);
    return ms > limitMs ? 'timed-out' : end;
  });
  try {
    return runEsbuild({ stdin: { contents: 'export default 7;' }, write: false, metafile: true });
  } finally {
    waited.mockRestore();
  }
}

atLimit('src/node/project/run-esbuild.ts LIMIT_MS', {
  within: (ms) => expect(bundledIn(ms)).toMatchObject({ outputFiles: [{ text: expect.stringContaining('7') }] }),
  beyond: (ms) => {
    expect(bundledIn(ms)).toEqual({
      errors: [{ text: 'esbuild did not come to an end within 60 seconds: is a file that it reads a pipe?', location: null }],
    });
    // The next script has a thread of its own.
    expect(bundledIn(0)).toHaveProperty('outputFiles');
  },
});
