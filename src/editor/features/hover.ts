import { NO_ENSEMBLES } from '../../language/ensemble-files.ts';
import { typesOf } from '../../language/types/body-types.ts';
import { propertyOf } from '../../language/types/property-type.ts';
import { renderType } from '../../language/types/render-type.ts';
import { findAgentFile, findEnsembleFile } from '../../language/versions/find-file.ts';
import { foundFile } from '../../language/versions/find-version.ts';
import type { Cursor } from '../cursor/cursor.ts';
import type { Place } from '../cursor/place-at.ts';
import { agentDoc } from '../docs/agent-doc.ts';
import { expressionDoc, descriptionOf as propertyDescription } from '../docs/expression-doc.ts';
import { seenLine } from '../docs/seen-line.ts';
import { code, plainText } from '../markdown.ts';
import { choicesOf, descriptionOf, fileSchemasAt } from '../schema/file-schema.ts';
import { namedAt } from './definition.ts';

/** What an editor shows about the word at a position, in Markdown, and the stretch that it is about. */
export interface HoverText {
  readonly start: number;
  readonly end: number;
  readonly markdown: string;
}

export function findHover(cursor: Cursor): HoverText | undefined {
  const { expression, place } = cursor;
  if (expression !== undefined) {
    const markdown = expressionDoc(cursor);
    const { token } = expression.chain;
    if (markdown === undefined || token === undefined) return undefined;
    return { start: expression.place.start + token.start, end: expression.place.start + token.end, markdown };
  }
  if (place === undefined || place.start === place.end) return undefined;
  const markdown = nameDoc(cursor) ?? (place.role === 'value' ? valueDoc(cursor, place) : keyDoc(cursor, place));
  return markdown === undefined ? undefined : { start: place.start, end: place.end, markdown };
}

/** An agent or a state key where YAML names it. */
function nameDoc(cursor: Cursor): string | undefined {
  const named = namedAt(cursor);
  if (named?.kind === 'agent') return agentDoc(cursor.snapshot, named.name);
  if (named?.kind === 'state') return stateDoc(cursor, named.name);
  return undefined;
}

function stateDoc({ snapshot }: Cursor, key: string): string {
  const file = snapshot.lastFile;
  const state = file && typesOf(file, NO_ENSEMBLES).state;
  const type = state && propertyOf(state, key);
  const shown = code(type === undefined || type.kind === 'unknown' ? `state.${key}` : `state.${key}: ${renderType(type)}`);
  return [shown, state && propertyDescription(state, key), seenLine(snapshot, ['state', key])]
    .filter((line) => line !== undefined)
    .join('\n\n');
}

function keyDoc(cursor: Cursor, { path, start, end }: Place): string | undefined {
  const key = cursor.snapshot.text.slice(start, end);
  const description = descriptionOf(fileSchemasAt(cursor, [...path, key]));
  return description && `**${plainText(key)}** — ${description}`;
}

function valueDoc(cursor: Cursor, { path, start, end }: Place): string | undefined {
  const { text, project } = cursor.snapshot;
  const word = text.slice(start, end);
  const choice = choicesOf(fileSchemasAt(cursor, path)).find(({ value }) => value === word);
  if (choice?.description !== undefined) return `**${plainText(word)}** — ${choice.description}`;
  if (path.length > 1 && path.at(-1) === 'agent') return fileDoc(foundFile(findAgentFile(project, word))?.text, word, 'agent file');
  if (path.length > 1 && path.at(-1) === 'ensemble')
    return fileDoc(foundFile(findEnsembleFile(project, word, cursor.snapshot.path))?.text, word, 'ensemble');
  return choice && keyDocOf(cursor, path.slice(0, -1), String(path.at(-1)));
}

function keyDocOf(cursor: Cursor, path: Place['path'], key: string): string | undefined {
  const description = descriptionOf(fileSchemasAt(cursor, [...path, key]));
  return description && `**${plainText(key)}** — ${description}`;
}

function fileDoc(text: string | undefined, name: string, what: string): string | undefined {
  if (text === undefined) return undefined;
  const description = /^description:[ \t]*(\S.*)$/m.exec(text)?.[1];
  return `**${plainText(name)}** — ${what}${description === undefined ? '' : `\n\n${plainText(description)}`}`;
}
