import { isName } from '../../language/model/fields.ts';
import { ROOT_NAMES } from '../../program/expression.ts';
import { FORBIDDEN_PROPERTIES } from '../../program/expression-vocabulary.ts';
import { arrangeEdits, type TextEdit } from '../apply-edits.ts';
import { findChangedMeaning } from '../names/changed-meaning.ts';
import { editsOfAgentName } from '../names/name-edits.ts';
import type { Occurrence } from '../names/occurrence.ts';
import { findOccurrences } from '../names/occurrences.ts';
import type { Snapshot } from '../snapshot.ts';

/** Why something cannot be renamed, for the author. */
export interface Refusal {
  readonly refused: string;
}

export interface Rename {
  readonly edits: readonly TextEdit[];
  /** What the author should look at, since no edit of this file can do it. */
  readonly notes: readonly string[];
}

/** The name at an offset that can be renamed. */
export function prepareRename(snapshot: Snapshot, offset: number): Occurrence | Refusal {
  const { file, text } = snapshot;
  if (file === undefined) return { refused: 'The file is no YAML at the moment; mend that first.' };
  const found = findOccurrences(file, text).find(({ stretch }) => stretch && stretch.start <= offset && offset <= stretch.end);
  return found ?? { refused: 'Only agents, named steps and state keys can be renamed.' };
}

/**
 * The edits that give an agent, a named step or a state key another name everywhere in its file. What they make is analysed before it is
 * handed over: where it would not mean the same (a parameter of an arrow function has the new name, say), the rename is refused.
 */
export function renameAt(snapshot: Snapshot, offset: number, newName: string): Rename | Refusal {
  const found = prepareRename(snapshot, offset);
  if ('refused' in found) return found;
  const { file, text } = snapshot;
  if (file === undefined || found.name === newName) return { edits: [], notes: [] };
  const occurrences = findOccurrences(file, text);
  const refused = refusalOf(found, newName, occurrences) ?? sameFieldRefusal(snapshot, found);
  if (refused !== undefined) return { refused };
  const own = occurrences.filter(({ kind, name }) => kind === found.kind && name === found.name);
  const renamed = own.flatMap((occurrence) => (occurrence.stretch === undefined ? [] : [editOf(occurrence, occurrence.stretch, newName)]));
  const edits = arrangeEdits(found.kind === 'agent' ? editsOfAgentName(snapshot, found.name, newName, renamed) : renamed);
  const changed = findChangedMeaning(snapshot, edits, { kind: found.kind, from: found.name, to: newName });
  return changed === undefined ? { edits, notes: notesOn(snapshot, found) } : { refused: changed };
}

function editOf(
  { kind, name, shorthand }: Occurrence,
  stretch: { readonly start: number; readonly end: number },
  newName: string,
): TextEdit {
  // `{ step }` hands over an agent under its name, which stays; `setState({ total })` names a key, and its value stays.
  const pair = kind === 'agent' ? `${name}: ${newName}` : `${newName}: ${name}`;
  return { ...stretch, text: shorthand ? pair : newName };
}

function refusalOf({ kind, name }: Occurrence, newName: string, occurrences: readonly Occurrence[]): string | undefined {
  const what = kind === 'agent' ? 'an agent' : 'a state key';
  const valid = kind === 'agent' ? isName(newName) : /^[A-Za-z_$][\w$]*$/.test(newName) && !FORBIDDEN_PROPERTIES.has(newName);
  if (!valid)
    return `"${newName}" cannot be the name of ${what}: it takes a letter or underscore, then letters, digits${kind === 'agent' ? ', `_` or `-`' : ' or `_`'}.`;
  if (kind === 'agent' && (ROOT_NAMES as readonly string[]).includes(newName))
    return `"${newName}" is the name of a root; no agent can have it.`;
  if (occurrences.some((other) => other.kind === kind && other.name === newName)) return `There is ${what} named "${newName}" already.`;
  const hidden = occurrences.find((other) => other.kind === kind && other.name === name && other.stretch === undefined);
  if (hidden === undefined) return undefined;
  return `Line ${hidden.line} reads "${name}" in a way that cannot be renamed; write \`${kind === 'agent' ? name : `state.${name}`}\` there first.`;
}

/** `set: [total]` takes the field `total` of the output: under another name it would be another field (LANGUAGE §4.2). */
function sameFieldRefusal({ file }: Snapshot, { kind, name }: Occurrence): string | undefined {
  const agent = file?.body.agents.find(
    ({ model: { set }, code }) =>
      kind === 'state' &&
      set.type === 'same' &&
      set.keys.some(({ text }) => text === name) &&
      !(code?.type === 'inline' && code.body.stateWrites.some(({ key }) => key === name)),
  );
  if (agent === undefined) return undefined;
  const own = agent.model.name.text;
  return `"${own}" sets "${name}" from the field of that name in its output; write \`set: { ${name}: \${${own}.output.${name}} }\` there first.`;
}

function notesOn({ file }: Snapshot, { kind, name }: Occurrence): readonly string[] {
  if (file === undefined) return [];
  const { model, agents } = file.body;
  if (kind === 'agent') {
    return model.single ? [`Ensembles refer to the name of the file, which stays.`] : [];
  }
  const scripts = agents.flatMap(({ code, model: { use, set } }) => {
    const access = [...use, ...(set.type === 'same' ? set.keys : set.type === 'fields' ? set.fields.map(({ key }) => key) : [])];
    return code?.type === 'script' && access.some(({ text }) => text === name || text === 'state') ? [code.reference.text] : [];
  });
  const kept = model.state.backend === 'memory' ? [] : [`What is stored under "${name}" stays in ${model.state.backend} under that name.`];
  return [...[...new Set(scripts)].map((script) => `${script} names the state key itself; rename it there as well.`), ...kept];
}
