import type { Program } from '../program/program.ts';
import type { Project } from './find-project.ts';
import type { Host } from './host.ts';
import { ANY_NEEDS, needsOf } from './host-needs.ts';
import type { HostNotice, TellNotice } from './host-notice.ts';
import { hostFolderOf } from './host-process/host-folder.ts';
import { ProjectRuntime } from './host-process/project-runtime.ts';
import { stopIdleHost } from './host-process/replace-host.ts';
import { type WorkerAnswer, WorkerHost, type WorkerLink } from './worker-host.ts';

export type { HostNotice } from './host-notice.ts';

export interface LocalHostOptions {
  /** As `findProject` gives it. */
  readonly project: Project;
  /** What will run first: the host starts with what it needs. Absent = with one storage of each kind. What a later program needs besides costs a restart of workerd. */
  readonly program?: Program;
  notice?(notice: HostNotice): void;
  /** Answers every outgoing request in place of the network. */
  readonly outbound?: (request: Request) => Response | Promise<Response>;
  /** Gives up waiting for the data folder. */
  readonly signal?: AbortSignal;
}

/**
 * Opens a host in this process: takes the data folder's lock (waiting while another host has it), starts workerd, applies pending D1 migrations.
 * @throws ProjectProblem for a broken configuration or migration; the signal's reason when it fires first.
 */
export async function openLocalHost(options: LocalHostOptions): Promise<Host> {
  const { project, program, outbound, signal } = options;
  const notice: TellNotice = options.notice?.bind(options) ?? (() => {});
  const runtime = await ProjectRuntime.open({
    project,
    needs: program === undefined ? ANY_NEEDS : needsOf(program),
    beforeLock: (dataFolder) => stopIdleHost(hostFolderOf(dataFolder)),
    notice,
    ...(outbound === undefined ? {} : { outbound }),
    ...(signal === undefined ? {} : { signal }),
  });
  return new WorkerHost(linkTo(runtime, notice));
}

function linkTo(runtime: ProjectRuntime, notice: TellNotice): WorkerLink {
  return {
    prepare: (program) => runtime.prepare(needsOf(program), notice),
    async ask(method, route, body): Promise<WorkerAnswer> {
      const { status, body: stream } = await runtime.ask(method, route, body);
      return { status, body: readBody(stream, runtime) };
    },
    close: () => runtime.close(),
  };
}

async function* readBody(stream: AsyncIterable<Uint8Array> | null, runtime: ProjectRuntime): AsyncGenerator<Uint8Array, void> {
  if (stream === null) return;
  try {
    yield* stream;
  } catch (error) {
    throw runtime.lost(error);
  }
}
