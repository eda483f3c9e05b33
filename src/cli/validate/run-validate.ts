import { resolve } from 'node:path';
import type { RuleSettings } from '../../language/settings/settings.ts';
import { decodeSource, readSource } from '../../node/project/read-source.ts';
import { replaceText } from '../../node/replace-text.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { UsageProblem } from '../usage-problem.ts';
import { checkFiles, type ReadSource } from './check-files.ts';
import { fixFiles } from './fix-files.ts';
import { readRuleOptions } from './read-rule-options.ts';
import { selectFiles } from './select-files.ts';
import { type ShowOptions, showReport } from './show-report.ts';
import { Workspace } from './workspace.ts';

export interface ValidateOptions extends ShowOptions {
  readonly rule?: readonly string[];
  readonly fix?: boolean;
  readonly watch?: boolean;
  readonly stdinFilename?: string;
}

/** What stdin holds, and the file, absolute, that it stands for. */
interface StdinFile {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/**
 * `ensemble validate`: findings on stdout, how many there are on stderr.
 * @throws UsageProblem; anything else is a defect.
 */
export async function runValidate(paths: readonly string[], options: ValidateOptions, io: Io): Promise<ExitCode> {
  const rules = readRuleOptions(options.rule ?? []);
  const stdin = await readStdin(paths, options, io);
  const onDisk = paths.filter((path) => path !== '-');
  return validateOnce(onDisk, stdin, rules, options, io);
}

async function readStdin(paths: readonly string[], { stdinFilename }: ValidateOptions, io: Io): Promise<StdinFile | undefined> {
  const isNamed = stdinFilename !== undefined;
  if (!paths.includes('-') && !(isNamed && paths.length === 0)) {
    if (isNamed) throw new UsageProblem('--stdin-filename names what is read from stdin: add the path -');
    return undefined;
  }
  return { file: resolve(io.cwd, stdinFilename ?? '<stdin>'), bytes: await io.readStdin() };
}

async function validateOnce(
  paths: readonly string[],
  stdin: StdinFile | undefined,
  rules: RuleSettings,
  options: ValidateOptions,
  io: Io,
): Promise<ExitCode> {
  const workspace = new Workspace(rules);
  const onDisk = stdin !== undefined && paths.length === 0 ? [] : selectFiles(paths, workspace, io.cwd);
  const files = [...new Set([...onDisk, ...(stdin === undefined ? [] : [stdin.file])])];
  let fixedStdin: string | undefined;
  const read: ReadSource = (file, path) => {
    if (file !== stdin?.file) return readSource(file, path);
    return fixedStdin === undefined ? decodeSource(stdin.bytes, path) : { path, text: fixedStdin };
  };
  if (!options.fix) return showReport(checkFiles(files, read, workspace, io.cwd), options, io.stdout, io);

  const write = (file: string, before: string, after: string) => {
    if (file === stdin?.file) fixedStdin = after;
    else replaceText(file, before, after);
  };
  const allWritten = fixFiles(files, read, write, workspace, io);
  if (stdin !== undefined) io.stdout.write(read(stdin.file, '').text);
  // stdout is the text of the file then.
  const output = stdin === undefined ? io.stdout : io.stderr;
  // Another workspace: the first one has seen the files as they were.
  const code = await showReport(checkFiles(files, read, new Workspace(rules), io.cwd), options, output, io);
  return allWritten ? code : EXIT.problemsInFile;
}
