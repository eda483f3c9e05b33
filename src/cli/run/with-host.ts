import { findProject, type Project } from '../../node/find-project.ts';
import type { Host } from '../../node/host.ts';
import type { Program } from '../../program/program.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { chooseReporter, REPORTERS } from '../reporters/index.ts';
import { type OpenHost, openWhileInterruptible } from './open-while-interruptible.ts';

/** What a host is opened for where that is not just the project that the user is in: the bindings of the program are there then. */
export interface HostUse {
  readonly project?: Project;
  readonly program?: Program;
}

/** Opens the host of the project that the user is in, acts and closes it. An interrupt while it opens ends the command; what `act` throws is thrown once it is closed. */
export async function withHost(
  io: Io,
  openHost: OpenHost,
  act: (host: Host, project: Project) => Promise<ExitCode>,
  { project = findProject(io.cwd), program }: HostUse = {},
): Promise<ExitCode> {
  const stopGuarding = io.onInterrupt(() => {});
  try {
    // Only what the host has to tell is shown.
    const reporter = REPORTERS[chooseReporter(io, { quiet: false })](io);
    const options = { project, ...(program === undefined ? {} : { program }) };
    const host = await openWhileInterruptible(openHost, options, (text) => reporter.notice(text), io).finally(() => reporter.close());
    if (host === undefined) return EXIT.interrupted;
    try {
      return await act(host, project);
    } finally {
      await host.close();
    }
  } finally {
    stopGuarding();
  }
}
