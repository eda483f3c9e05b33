import parseVersion from 'semver/functions/parse.js';
import { parseDocument } from '../document/parse-document.ts';
import { Fields } from '../model/fields.ts';
import type { SourceFile } from '../project-index.ts';

/** A file that says of itself which version of what it is. */
export interface VersionedFile {
  readonly file: SourceFile;
  /** `major.minor.patch`, as semantic versioning writes it. */
  readonly version: string;
}

interface OwnWords {
  readonly name?: string;
  readonly version?: string;
}

const known = new WeakMap<SourceFile, OwnWords>();

/** The files among `candidates` that call themselves `name` and have a version. What lies beside them under another name, or cannot be read, is none of them. */
export function versionsOf(name: string, candidates: readonly SourceFile[]): readonly VersionedFile[] {
  return candidates.flatMap((file) => {
    const own = ownWords(file);
    const version = own.name === name ? parseVersion(own.version)?.version : undefined;
    return version === undefined ? [] : [{ file, version }];
  });
}

function ownWords(file: SourceFile): OwnWords {
  const words = known.get(file) ?? readOwnWords(file);
  known.set(file, words);
  return words;
}

function readOwnWords(file: SourceFile): OwnWords {
  const fields = new Fields(parseDocument(file).root);
  const name = fields.text('agent', 'ensemble', 'name');
  const version = fields.text('version');
  return { ...(name !== undefined && { name }), ...(version !== undefined && { version }) };
}
