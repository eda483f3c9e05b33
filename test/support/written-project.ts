import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface WrittenProject extends Disposable {
  readonly root: string;
}

/** A project of files (relative path → text) in a temporary folder, with a root of its own whatever lies above. Gone when it is disposed. */
export function writeProject(files: Readonly<Record<string, string>>): WrittenProject {
  const root = mkdtempSync(join(tmpdir(), 'ensemble-project-'));
  for (const [path, text] of Object.entries({ 'package.json': '{}', ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}
