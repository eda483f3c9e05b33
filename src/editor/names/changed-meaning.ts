import { Analysis } from '../../language/analyze-file.ts';
import { allReads, type ParsedBody } from '../../language/model/parsed-body.ts';
import type { Diagnostic } from '../../program/diagnostic.ts';
import { applyEdits, type TextEdit } from '../apply-edits.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NameKind } from './occurrence.ts';

interface Renaming {
  readonly kind: NameKind;
  readonly from: string;
  readonly to: string;
}

/**
 * Why the edits of a renaming would change what the file means; undefined when every read reads the same as before, under the new name,
 * and nothing new is wrong.
 */
export function findChangedMeaning(snapshot: Snapshot, edits: readonly TextEdit[], renaming: Renaming): string | undefined {
  const { path, kind, project, file, text } = snapshot;
  const after = new Analysis(project).analyze({ path, text: applyEdits(text, edits) }, kind);
  if (file === undefined || after.file === undefined) return 'The file would no longer be YAML.';
  const before = meaningOf(file.body, renaming);
  const meaning = meaningOf(after.file.body, undefined);
  const changed = before.findIndex(({ read }, index) => meaning[index]?.read !== read);
  if (changed !== -1 || meaning.length !== before.length) {
    const line = before[changed]?.line ?? meaning[before.length]?.line;
    return `"${renaming.to}" already means something else in line ${line}.`;
  }
  const found = new Analysis(project).analyze({ path, text }, kind).findings;
  const worse = newError(found, after.findings);
  return worse && `That would be an error in line ${worse.span.line}: ${worse.message}.`;
}

interface MeantRead {
  readonly read: string;
  readonly line: number;
}

function meaningOf(body: ParsedBody, renaming: Renaming | undefined): readonly MeantRead[] {
  const renamed = (kind: NameKind, name: string | undefined) => (renaming?.kind === kind && renaming.from === name ? renaming.to : name);
  return allReads(body).map(({ kind, name, path: [first, ...rest], span }) => {
    const read =
      kind === 'agent' ? [renamed('agent', name), first, ...rest] : [name, name === 'state' ? renamed('state', first) : first, ...rest];
    return { read: JSON.stringify([kind, ...read]), line: span.line };
  });
}

/** An error that was not there before; when there are no more of them than before, one has only changed its words. */
function newError(before: readonly Diagnostic[], after: readonly Diagnostic[]): Diagnostic | undefined {
  const isError = ({ severity }: Diagnostic): boolean => severity === 'error';
  const counts = Map.groupBy(before.filter(isError), ({ code }) => code);
  const errors = after.filter(isError);
  if (errors.length <= before.filter(isError).length) return undefined;
  return errors.find(({ code }) => (counts.get(code)?.length ?? 0) < errors.filter((error) => error.code === code).length);
}
