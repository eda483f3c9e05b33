import { resolve } from 'node:path';
import { readText, UnreadableText } from '../../node/read-text.ts';
import type { RemoteTarget } from '../../node/remote/remote-options.ts';
import type { Io } from '../io.ts';
import { UsageProblem } from '../usage-problem.ts';

/** The options of every command that say which Worker is meant. */
export interface TargetOptions {
  readonly remote?: string;
  readonly keyFile?: string;
}

const EXAMPLE = 'https://shop.example.workers.dev';
const PLAIN_HTTP = 'ENSEMBLE_PLAIN_HTTP';

/**
 * The Worker that `--remote` or ENSEMBLE_REMOTE names, with the key for it; undefined when none is named. A key is never taken from the command line, where other processes see it and shells keep it.
 * @throws UsageProblem for an address or a key that cannot be used.
 */
export function readTarget({ remote, keyFile }: TargetOptions, io: Io): RemoteTarget | undefined {
  const [text, source] = remote === undefined ? [io.env.ENSEMBLE_REMOTE ?? '', 'ENSEMBLE_REMOTE'] : [remote, '--remote'];
  if (text === '' && remote === undefined) {
    if (keyFile !== undefined) throw new UsageProblem('--key-file needs --remote (or ENSEMBLE_REMOTE)');
    return undefined;
  }
  const target = { origin: readOrigin(text, source, io), key: readKey(keyFile, io) };
  const flags = [
    ...(remote === undefined ? [] : [`--remote ${target.origin}`]),
    ...(keyFile === undefined ? [] : [`--key-file ${quoted(keyFile)}`]),
  ];
  return flags.length === 0 ? target : { ...target, flags: flags.join(' ') };
}

/** As a shell takes it for one word. */
function quoted(file: string): string {
  return /^[\w./:@-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`;
}

function readOrigin(text: string, source: string, io: Io): string {
  const wanted = `${source} takes the address of a Worker, such as ${EXAMPLE}`;
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) throw new UsageProblem(`${wanted}; found "${text}"`);
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    throw new UsageProblem(`${wanted}, without a user: the key comes from ENSEMBLE_API_KEY or --key-file`);
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw new UsageProblem(`${wanted}, without a path; that is ${url.origin}`);
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && io.env[PLAIN_HTTP] !== '1') {
    throw new UsageProblem(
      `${url.origin} is not https: the key, and what runs hold, could be read on the way; ${PLAIN_HTTP}=1 allows it where the network is your own`,
    );
  }
  return url.origin;
}

/** What goes there never leaves this machine. */
function isLoopback(hostname: string): boolean {
  return /^(?:localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

function readKey(keyFile: string | undefined, io: Io): string {
  const [given, source] = keyFile === undefined ? [io.env.ENSEMBLE_API_KEY, 'ENSEMBLE_API_KEY'] : [readKeyFile(keyFile, io), '--key-file'];
  const key = given?.trim() ?? '';
  if (key === '') {
    const problem = given === undefined ? 'a deployed Worker wants a key' : `${source} holds no key`;
    throw new UsageProblem(`${problem}: put it into ENSEMBLE_API_KEY, or into a file that --key-file names`);
  }
  // What a header can carry; the key itself is not shown.
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new UsageProblem(`${source} holds something that is no key: it has spaces, line ends or letters beyond ASCII in it`);
  return key;
}

function readKeyFile(file: string, io: Io): string {
  try {
    return readText(resolve(io.cwd, file));
  } catch (error) {
    if (!(error instanceof UnreadableText)) throw error;
    throw new UsageProblem(`--key-file ${file} cannot be read: ${error.message}`, { cause: error });
  }
}
