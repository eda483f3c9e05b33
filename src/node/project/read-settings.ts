import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ParsedSettings, parseSettings } from '../../language/settings/parse-settings.ts';
import { DEFAULT_SETTINGS, SETTINGS_FILES } from '../../language/settings/settings.ts';
import { readSource } from './read-source.ts';

/** The settings of the project, `ensemble.config.yaml` in its root; the usual ones without such a file. What is wrong with it are diagnostics. */
export function readSettings(root: string): ParsedSettings {
  const name = SETTINGS_FILES.find((file) => existsSync(join(root, file)));
  if (name === undefined) return { settings: DEFAULT_SETTINGS, diagnostics: [] };
  return parseSettings(readSource(join(root, name), name, root));
}
