import { describe, expect, vi } from 'vitest';
import { findProject } from '../../../src/node/find-project.ts';
import { ConnectionLost, HostError } from '../../../src/node/host-error.ts';
import type { HostConnection } from '../../../src/node/host-process/host-connection.ts';
import { openSharedHost } from '../../../src/node/host-process/open-shared-host.ts';
import { RuntimeSupervisor } from '../../../src/node/host-process/runtime-supervisor.ts';
import { ProjectProblem } from '../../../src/node/project-problem.ts';
import { atLimit } from '../../support/at-limit.ts';
import { writeProject } from '../../support/written-project.ts';

const joinHost = vi.hoisted(() => vi.fn());
const openMiniflare = vi.hoisted(() => vi.fn());
vi.mock('../../../src/node/host-process/join-host.ts', () => ({ joinHost, prepareHost: async () => undefined }));
vi.mock('../../../src/node/open-miniflare.ts', () => ({ openMiniflare }));

describe('a host process that is killed before it is ready', () => {
  /** Is ready at the last of so many starts. */
  const opened = async (starts: number, error: Error = new ConnectionLost('gone', false)) => {
    using project = writeProject({});
    joinHost.mockReset();
    for (let start = 1; start < starts; start++) joinHost.mockRejectedValueOnce(error);
    joinHost.mockResolvedValue({ close: () => undefined } satisfies Pick<HostConnection, 'close'>);
    const host = await openSharedHost({ project: findProject(project.root) }).catch((given: unknown) => given);
    return { host, starts: joinHost.mock.calls.length };
  };
  atLimit('src/node/host-process/open-shared-host.ts MAX_STARTS', {
    within: async (starts) => expect(await opened(starts)).toMatchObject({ host: { close: expect.any(Function) }, starts }),
    beyond: async (starts) => {
      expect(await opened(starts)).toEqual({ host: new ConnectionLost('gone', false), starts: starts - 1 });
      // What another start would not mend.
      const problem = new ProjectProblem('no');
      expect(await opened(2, problem)).toEqual({ host: problem, starts: 1 });
    },
  });
});

describe('a workerd that does not start again', () => {
  const worker = {
    ...{ name: 'test', dataFolder: '/nowhere', modules: [], workflows: false, storage: { kv: [], d1: [], r2: [] }, vars: {}, secrets: {} },
    ...{ hostToken: 'token', mark: 'at-limits', variables: {} },
  };
  /** Starts at the last of so many tries. */
  const restarted = async (starts: number) => {
    const setOptions = vi.fn(async () => undefined);
    for (let start = 1; start < starts; start++) setOptions.mockRejectedValueOnce(new Error('no port'));
    const dispatchFetch = async () => new Response('up');
    openMiniflare.mockResolvedValue({ ready: Promise.resolve(), setOptions, dispatchFetch, dispose: async () => undefined });
    const none = () => undefined;
    const supervisor = await RuntimeSupervisor.open({ worker, guards: [], onStart: none, onRecovered: none, onGivenUp: none, log: none });
    const problem = await supervisor.restart().catch((error: unknown) => error);
    const answer = await supervisor.fetch('/', { method: 'GET', headers: {} }).then(
      (response) => response.text(),
      (error: unknown) => error,
    );
    await supervisor.close();
    return { problem, answer, starts: setOptions.mock.calls.length };
  };
  atLimit('src/node/host-process/runtime-supervisor.ts MAX_FAILED_STARTS', {
    within: async (starts) => expect(await restarted(starts)).toEqual({ problem: undefined, answer: 'up', starts }),
    beyond: async (starts) =>
      expect(await restarted(starts)).toEqual({
        problem: new Error('no port'),
        answer: new HostError('the runtime does not start: no port'),
        starts: starts - 1,
      }),
  });
});
