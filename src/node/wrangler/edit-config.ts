import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../program/json.ts';
import { applyChange, type ConfigChange } from './config-change.ts';
import { pathText } from './config-reader.ts';
import { editJsonc } from './edit-jsonc.ts';
import { editToml } from './edit-toml.ts';
import { parseConfigText } from './parse-config-text.ts';

/** A configuration that is written in a way that cannot be changed with certainty. The message says what is to be changed by hand. */
export class UneditableConfig extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UneditableConfig';
  }
}

/**
 * The text of a wrangler configuration with all changes in it: comments, order and layout stay, and read again it means what it meant and the changes, nothing else.
 * @throws UneditableConfig otherwise; then nothing is to be written.
 */
export function editConfig(text: string, isToml: boolean, changes: readonly ConfigChange[]): string {
  return changes.reduce((before, change) => {
    const meant = applyChange(read(before, isToml), change);
    if (meant === undefined) throw uneditable(change, 'something else stands there');
    const after = isToml ? editToml(before, change) : editJsonc(before, change);
    if (!isDeepStrictEqual(tryRead(after, isToml), meant))
      throw uneditable(change, 'the file is written in a way that this cannot change safely');
    return after;
  }, text);
}

function uneditable({ type, path, value }: ConfigChange, reason: string): UneditableConfig {
  const what = type === 'set' ? 'set' : 'add to';
  return new UneditableConfig(`${what} ${pathText(path)} by hand (${reason}): ${JSON.stringify(value)}`);
}

function read(text: string, isToml: boolean): JsonObject {
  return parseConfigText(text, 'the configuration', isToml).value;
}

function tryRead(text: string, isToml: boolean): JsonObject | undefined {
  try {
    return read(text, isToml);
  } catch {
    return undefined;
  }
}
