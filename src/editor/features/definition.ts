import type { OutlineNode, OutlineScalar } from '../../language/document/outline.ts';
import { findAgentFile, findEnsembleFile } from '../../language/versions/find-file.ts';
import { foundFile } from '../../language/versions/find-version.ts';
import type { Cursor } from '../cursor/cursor.ts';
import { nodeAt, type Path } from '../cursor/place-at.ts';
import { agentAround } from '../names/agent-around.ts';
import type { NameKind } from '../names/occurrence.ts';
import { findOccurrences } from '../names/occurrences.ts';

/** A stretch of a file of the project. */
export interface Target {
  /** Relative to the project's root. */
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** Where what the cursor names comes from: an agent, a state key, an input field, or the file that a key names. */
export function findDefinition(cursor: Cursor): readonly Target[] {
  return definitionOfFile(cursor) ?? definitionOfName(cursor) ?? [];
}

function definitionOfName(cursor: Cursor): readonly Target[] | undefined {
  const named = namedAt(cursor);
  if (named === undefined) return undefined;
  const targets = definitionsOf(cursor, named.kind, named.name);
  return targets.length === 0 ? undefined : targets;
}

/** The agent, state key or input field that stands at the cursor. */
export function namedAt({
  snapshot,
  offset,
  expression,
}: Cursor): { readonly kind: NameKind | 'input'; readonly name: string } | undefined {
  if (snapshot.file !== undefined) {
    const occurrence = findOccurrences(snapshot.file, snapshot.text).find(
      ({ stretch }) => stretch && stretch.start <= offset && offset <= stretch.end,
    );
    if (occurrence !== undefined) return occurrence;
  }
  const [head, field, ...deeper] = expression?.chain.path ?? [];
  if (head === undefined || head === '' || deeper.length > 0) return undefined;
  if (field === undefined) return { kind: 'agent', name: head };
  if (head === 'input' || head === 'state') return { kind: head, name: field };
  return undefined;
}

function definitionsOf(cursor: Cursor, kind: NameKind | 'input', name: string): readonly Target[] {
  const { snapshot, outline, agents } = cursor;
  const { path } = snapshot;
  const target = (word: OutlineScalar | undefined): readonly Target[] =>
    word === undefined ? [] : [{ path, start: word.start, end: word.end }];
  switch (kind) {
    case 'agent':
      return agents.filter((agent) => agent.name === name).map(({ start, end }) => ({ path, start, end }));
    case 'state':
      return target(keyAt(outline, ['state', 'schema', name]));
    case 'input': {
      // Inside an agent with an input of its own, `input` is that one (LANGUAGE §2).
      const own = agentAround(cursor)?.ownInput;
      const paths =
        own === undefined
          ? [
              ['input', name],
              ['inputs', name],
            ]
          : [[...own, name]];
      return paths.flatMap((each) => target(keyAt(outline, each)));
    }
    default:
      return kind satisfies never;
  }
}

/** The key at the end of a path. */
export function keyAt(outline: OutlineNode | undefined, path: Path): OutlineScalar | undefined {
  const mapping = nodeAt(outline, path.slice(0, -1));
  return mapping?.kind === 'mapping' ? mapping.entries.find(({ key }) => key.text === path.at(-1))?.key : undefined;
}

/** The file that the value at the cursor names; undefined when it names none, or an agent of this file as `flow:` does. */
function definitionOfFile(cursor: Cursor): readonly Target[] | undefined {
  const { snapshot, place, expression } = cursor;
  if (place === undefined || place.role === 'key' || expression !== undefined) return undefined;
  const { project, path: from, text } = snapshot;
  const word = text.slice(place.scalar.start, place.scalar.end).trim();
  const isInStep = place.path.length > 1;
  const path = (): string | undefined => {
    switch (place.path.at(-1)) {
      case 'agent':
        return isInStep && place.path[0] !== 'flow' ? foundFile(findAgentFile(project, word))?.path : undefined;
      case 'name':
        return isInStep && runsFileOfItsName(cursor) ? foundFile(findAgentFile(project, word))?.path : undefined;
      case 'ensemble':
        return isInStep ? foundFile(findEnsembleFile(project, word, from))?.path : undefined;
      case 'script':
      case 'schema':
      case 'output':
        return /[./]/.test(word) ? snapshot.locate(word) : undefined;
      default:
        return undefined;
    }
  };
  const found = path();
  return found === undefined ? undefined : [{ path: found, start: 0, end: 0 }];
}

/** An agent without `operation`, `agent` or `ensemble` refers to the agent file of its own name (LANGUAGE §2). */
function runsFileOfItsName(cursor: Cursor): boolean {
  const source = agentAround(cursor)?.outline.source;
  return source?.entries.every(({ key }) => !['operation', 'agent', 'ensemble', 'type', 'parallel'].includes(key.text)) ?? false;
}
