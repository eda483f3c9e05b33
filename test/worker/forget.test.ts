import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRunHost } from './support/run-host.ts';

const PROGRAM = 'ensemble: small\nagents: [{ name: one, operation: transform, config: { value: 1 } }]\n';

test('a run whose database cannot be read keeps no other from being deleted', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ensemble-forget-'));
  try {
    const first = await openRunHost({ persist: folder });
    await first.run(PROGRAM, { run: 'broken' });
    await first.close();
    const isRun = (name: string) => /RunObject\/[0-9a-f]{64}\.sqlite/.test(name);
    const files = (await readdir(folder, { recursive: true })).filter(isRun);
    expect(files).not.toEqual([]);
    for (const file of files) await writeFile(join(folder, file), 'this is no database '.repeat(1_000));
    const second = await openRunHost({ persist: folder });
    try {
      await second.run(PROGRAM, { run: 'whole' });
      expect(await second.call('forget', { runs: ['broken', 'whole'] })).toMatchObject({ forgotten: ['whole'] });
    } finally {
      await second.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
