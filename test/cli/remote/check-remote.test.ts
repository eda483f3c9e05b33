import { describe, expect, test } from 'vitest';
import { runMain } from '../support/run-main.ts';

const env = { ENSEMBLE_API_KEY: 'the-key-in-the-environment' };
const REMOTE = ['--remote', 'https://shop.example'];

describe('a command line that means a deployed Worker', () => {
  test.each([
    [['fork', 'latest', '--from', 'a'], 'ensemble fork works on this machine alone: leave out --remote (or unset ENSEMBLE_REMOTE)'],
    [['replay', 'latest'], 'ensemble replay works on this machine alone'],
    [['prune', '--keep', '1'], 'ensemble prune works on this machine alone'],
    [['host', 'status'], 'ensemble host works on this machine alone'],
    [['validate'], 'ensemble validate works on this machine alone'],
    [['run', 'x', '--var', 'A=b'], '--var cannot be given to a deployed Worker'],
    [['run', 'x', '--dry-run'], '--dry-run compiles a file of this machine'],
    [['resume', 'latest', '--with-current'], '--with-current goes on with a file of this machine'],
    [['state', 'get', 'visits', '--reveal'], '--reveal shows what a deployed Worker shows to nobody'],
    [['--no-host', 'runs'], '--remote and --no-host exclude each other'],
    [['--remote', 'shop.example', 'runs'], '--remote takes the address of a Worker'],
  ])('%j is refused before anything is asked', async (args, message) => {
    const { code, stdout, stderr } = await runMain([...REMOTE, ...args], { env });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`error: ${message}`);
  });

  test.each([
    [['--remote', 'https://shop.example', 'fork', 'latest', '--from', 'a']],
    [['fork', 'latest', '--from', 'a', '--remote', 'https://shop.example']],
  ])('takes its options before and behind the command: %j', async (args) => {
    expect((await runMain(args, { env })).stderr).toContain('ensemble fork works on this machine alone');
  });

  test('that is named by the environment alone does not keep others from being used, and is not acted around', async () => {
    const remote = { ...env, ENSEMBLE_REMOTE: 'https://shop.example' };
    expect(await runMain(['eval', '${1 + 1}'], { env: remote })).toMatchObject({ code: 0 });
    expect((await runMain(['prune', '--keep', '1'], { env: remote })).stderr).toContain('ensemble prune works on this machine alone');
    expect((await runMain(['runs'], { env: { ENSEMBLE_REMOTE: 'https://shop.example' } })).stderr).toContain(
      'a deployed Worker wants a key',
    );
  });

  test('without a host for other commands is that of this process, whatever the environment names', async () => {
    const { code } = await runMain(['--no-host', 'run', 'no-such-file.yaml'], { env: { ...env, ENSEMBLE_REMOTE: 'nonsense' } });
    expect(code).toBe(2);
  });
});
