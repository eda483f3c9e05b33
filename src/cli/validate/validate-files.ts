import { decodeSource, readSource } from '../../node/project/read-source.ts';
import { replaceText } from '../../node/replace-text.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { checkFiles, type ReadSource } from './check-files.ts';
import { checkInParallel, threadsFor } from './check-in-parallel.ts';
import { fixFiles } from './fix-files.ts';
import { type ShowOptions, showReport } from './show-report.ts';
import type { Workspace } from './workspace.ts';

export interface CheckOptions extends ShowOptions {
  readonly fix?: boolean;
}

/** What stdin holds, and the file, absolute, that it stands for. */
export interface StdinFile {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** Mends the files when that is asked for, looks at them and shows what is found. */
export async function validateFiles(
  selected: readonly string[],
  stdin: StdinFile | undefined,
  workspace: Workspace,
  options: CheckOptions,
  io: Io,
): Promise<ExitCode> {
  const files = [...new Set([...selected, ...(stdin === undefined ? [] : [stdin.file])])];
  let fixedStdin: string | undefined;
  const read: ReadSource = (file, path, root) => {
    if (file !== stdin?.file) return readSource(file, path, root);
    return fixedStdin === undefined ? decodeSource(stdin.bytes, path) : { path, text: fixedStdin };
  };
  if (!options.fix) {
    const threads = stdin === undefined ? threadsFor(files.length) : 1;
    const report =
      threads > 1 ? await checkInParallel(files, threads, workspace.rules, io.cwd) : checkFiles(files, read, workspace, io.cwd);
    return showReport(report, options, io.stdout, io);
  }

  const write = (file: string, before: string, after: string) => {
    if (file === stdin?.file) fixedStdin = after;
    else replaceText(file, before, after);
  };
  const fixed = await fixFiles(files, read, write, workspace, io);
  if (fixed === 'interrupted') return EXIT.interrupted;
  if (stdin !== undefined) io.stdout.write(read(stdin.file, '', '').text);
  // stdout is the text of the file then.
  const output = stdin === undefined ? io.stdout : io.stderr;
  const code = await showReport(checkFiles(files, read, workspace.reopen(), io.cwd), options, output, io);
  return fixed === 'unwritable' ? EXIT.problemsInFile : code;
}
