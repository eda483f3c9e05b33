import { expect, test } from 'vitest';
import { bundleWorker } from '../worker/support/bundle-worker.ts';
import { openRunHost } from '../worker/support/run-host.ts';

const PROGRAM = 'ensemble: small\nagents: [{ name: one, operation: transform, config: { value: 1 } }]\n';

test('a run whose journal cannot be written tells the operator why, and goes on where it was when somebody asks for it', async () => {
  let told = '';
  const host = await openRunHost({
    script: await bundleWorker('../crash/fixtures/crash-worker.js'),
    vars: { CRASH_AT: '1', CRASH_PHASE: 'throws' },
    onRuntimeText: (text) => {
      told += text;
    },
  });
  try {
    const response = await host.send(PROGRAM, { run: 'full' });
    response.body?.cancel().catch(() => undefined);
    await expect
      .poll(() => told)
      .toContain('The journal of the run full could not be written, which resumes the run: Error: the disk is full');
    expect(await host.call('resume', { run: 'full' })).toEqual({ type: 'done' });
    expect((await host.finished('full')).at(-1)).toMatchObject({ type: 'run.finished', status: 'succeeded' });
  } finally {
    await host.close();
  }
});
