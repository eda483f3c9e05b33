import type { BuildManifest } from '../../program/deployment.ts';
import type { Diagnostic } from '../../program/diagnostic.ts';
import type { RunSummary } from '../../program/host-calls.ts';
import type { HostNotice } from '../host-notice.ts';

/** What `ensemble dev` has to tell while it serves; with `--json` each is a line of its own. Times are epoch ms. */
export type DevEvent =
  | ({ readonly type: 'ready' } & Served)
  /** Another build is served from now on, or the one that was served is up to date again. `changed`: ids of ensembles that are new, other or gone. */
  | ({ readonly type: 'reloaded'; readonly changed: readonly string[] } & Served)
  /** The project has mistakes: nothing of it is served, or still what was served before. */
  | { readonly type: 'refused'; readonly diagnostics: readonly Diagnostic[]; readonly serving: boolean }
  /** The same for what no place in an ensemble stands for: the wrangler configuration, a migration. */
  | { readonly type: 'problem'; readonly message: string; readonly serving: boolean }
  | { readonly type: 'notice'; readonly notice: HostNotice }
  /** A request was answered, in full or until one side went away. */
  | { readonly type: 'request'; readonly method: string; readonly path: string; readonly status: number; readonly duration_ms: number }
  /** A run began, or its status is another than before. */
  | { readonly type: 'run'; readonly run: RunSummary }
  | { readonly type: 'cron'; readonly cron: string; readonly scheduled_time: number }
  /** What the Worker, or the emulator under it, wrote. */
  | { readonly type: 'log'; readonly line: string };

export interface Served {
  /** Without a slash at its end. */
  readonly url: string;
  readonly manifest: BuildManifest;
  /** Bindings that the configuration lacks and that are there all the same. */
  readonly provided: readonly string[];
  /** A key of the HTTP API that is good until this process ends: `.dev.vars` has none. */
  readonly key?: string;
}

export type TellDev = (event: DevEvent) => void;
