import type { Project } from '../find-project.ts';
import type { ConfigChange } from '../wrangler/config-change.ts';
import type { DeployConfig } from '../wrangler/deploy-config.ts';
import type { Tools } from './find-tools.ts';
import type { PlatformNeeds } from './platform-needs.ts';

/** `error`: the deployment would fail, or ensembles in it · `warning`: something goes wrong later · `note`: what cannot be known from here, and is to be done once. */
export type Severity = 'error' | 'warning' | 'note';

/** What `ensemble doctor` finds, by its code; docs/deploy.md says what to do about each. */
export const FINDINGS = {
  'no-configuration': 'error',
  'broken-ensemble': 'error',
  'no-ensembles': 'error',
  'trigger-conflict': 'error',
  'worker-name': 'error',
  'worker-main': 'error',
  'worker-modules': 'error',
  'build-command': 'error',
  'build-environment': 'warning',
  'compatibility-date': 'error',
  'compatibility-flags': 'error',
  'durable-object-binding': 'error',
  'durable-object-class': 'error',
  'lost-class': 'error',
  'storage-binding': 'error',
  'placeholder-id': 'warning',
  'migrations-folder': 'warning',
  migrations: 'note',
  'ai-binding': 'error',
  'queue-consumer': 'error',
  'queue-batch-size': 'warning',
  'dead-letter-queue': 'warning',
  'queue-without-trigger': 'warning',
  queue: 'note',
  cron: 'error',
  'stale-cron': 'warning',
  'workflow-binding': 'error',
  'email-route': 'note',
  'rate-limit': 'warning',
  variable: 'warning',
  'secret-in-vars': 'error',
  'secret-not-required': 'warning',
  secret: 'note',
  'wrangler-missing': 'warning',
  'wrangler-version': 'warning',
  'node-version': 'error',
} as const satisfies Readonly<Record<string, Severity>>;
export type FindingCode = keyof typeof FINDINGS;

export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly message: string;
  /** As people call it: relative to the working directory, or of an ensemble to the project's root. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  readonly help?: string;
  /** What `--fix` does about it; nothing where a person has to decide. */
  readonly changes: readonly ConfigChange[];
}

/** What the checks look at. */
export interface Examined {
  readonly project: Project;
  readonly config: DeployConfig;
  readonly needs: PlatformNeeds;
  readonly tools: Tools;
  /** Names in `.dev.vars`, and in `.dev.vars.example`: what is kept there is a secret. */
  readonly localSecrets: { readonly given: ReadonlySet<string>; readonly expected: ReadonlySet<string> };
}

/** One question about the configuration. */
export type DeployCheck = (examined: Examined) => readonly Finding[];

export interface Details {
  readonly file?: string;
  readonly line?: number | undefined;
  readonly help?: string | undefined;
  readonly changes?: readonly ConfigChange[];
}

export function finding(code: FindingCode, message: string, { file, line, help, changes = [] }: Details = {}): Finding {
  return {
    code,
    severity: FINDINGS[code],
    message,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(help === undefined ? {} : { help }),
    changes,
  };
}

/** The files that need something, for a sentence: `a.yaml, b.yaml and 3 more`. */
export function filesText(files: readonly string[]): string {
  const shown = files.slice(0, 2).join(', ');
  return files.length > 2 ? `${shown} and ${files.length - 2} more` : shown;
}
