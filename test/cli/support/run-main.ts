import { main } from '../../../src/cli/main.ts';
import { createFakeHost } from './fake-host.ts';
import { createFakeIo, type FakeIoOptions } from './fake-io.ts';

export interface MainResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, without a host. */
export async function runMain(args: readonly string[], options: FakeIoOptions = {}): Promise<MainResult> {
  const io = createFakeIo(options);
  const code = await main(args, io, createFakeHost([]).open);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}
