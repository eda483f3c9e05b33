import compareVersions from 'semver/functions/rcompare.js';
import satisfies from 'semver/functions/satisfies.js';
import validRange from 'semver/ranges/valid.js';
import type { SourceFile } from '../project-index.ts';
import { type VersionedFile, versionsOf } from './versioned-file.ts';

/** What became of the search for a file of a project. */
export type FoundVersion =
  | { readonly type: 'found'; readonly file: SourceFile }
  /** Nothing of that name. */
  | { readonly type: 'missing' }
  | { readonly type: 'invalid-range'; readonly range: string }
  /** None of the versions that there are, highest first, satisfies the range. */
  | { readonly type: 'no-version'; readonly name: string; readonly range: string; readonly versions: readonly VersionedFile[] }
  /** Several files are the version that would be taken. */
  | { readonly type: 'same-version'; readonly name: string; readonly version: string; readonly files: readonly SourceFile[] };

/** The file, where it was found. */
export function foundFile(found: FoundVersion): SourceFile | undefined {
  return found.type === 'found' ? found.file : undefined;
}

/**
 * The file with the highest version that satisfies the range; versions such as `2.0.0-beta.1` only where the range names one of their kind. Without a range the highest of
 * all.
 */
export function findVersion(name: string, range: string | undefined, candidates: readonly SourceFile[]): FoundVersion {
  if (range !== undefined && (range === '' || validRange(range) === null)) return { type: 'invalid-range', range };
  if (candidates.length === 0) return { type: 'missing' };
  const versions = versionsOf(name, candidates).toSorted((a, b) => compareVersions(a.version, b.version));
  const satisfying = versions.filter(({ version }) => satisfies(version, range ?? '*'));
  // Where every version is a preliminary one and none is asked for, the highest of these is meant.
  const highest = satisfying[0] ?? (range === undefined ? versions[0] : undefined);
  if (highest === undefined) return range === undefined ? { type: 'missing' } : { type: 'no-version', name, range, versions };
  const same = versions.filter(({ version }) => version === highest.version);
  if (same.length > 1) return { type: 'same-version', name, version: highest.version, files: same.map(({ file }) => file) };
  return { type: 'found', file: highest.file };
}
