import type { EngineName } from '../../program/deployment.ts';
import type { RuleName } from '../../program/rules.ts';

/** What a rule's findings count as; `off` leaves them out. */
export type Level = 'off' | 'warn' | 'error';

export const LEVELS: readonly Level[] = ['off', 'warn', 'error'];

/** What a project, or one call of the command line, says about the rules: of those that are not optional at most `error`. */
export interface RuleSettings {
  readonly rules: ReadonlyMap<RuleName, Level>;
  /** What runs ensembles that do not say it themselves. */
  readonly engine?: EngineName;
}

export const NO_SETTINGS: RuleSettings = { rules: new Map() };

/** The settings of a project, in a file at its root. */
export interface ProjectSettings extends RuleSettings {
  /** What `validate` looks at when it is told nothing: files, folders and globs from the project's root. */
  readonly paths?: readonly string[];
  /** Globs of files that are passed over in folders and globs. */
  readonly exclude: readonly string[];
  /** Names of variables that are declared where nobody can look. */
  readonly env: readonly string[];
}

export const DEFAULT_SETTINGS: ProjectSettings = { ...NO_SETTINGS, exclude: [], env: [] };

/** The file's names, the first one that exists counts. */
export const SETTINGS_FILES = ['ensemble.config.yaml', 'ensemble.config.yml'] as const;

export const isSettingsFile = (path: string): boolean => SETTINGS_FILES.some((name) => path === name || path.endsWith(`/${name}`));
