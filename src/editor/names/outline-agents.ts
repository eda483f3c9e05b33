import type { OutlineMapping, OutlineNode } from '../../language/document/outline.ts';
import { isName } from '../../language/model/fields.ts';
import { parseFileReference } from '../../language/versions/file-reference.ts';
import type { Path } from '../cursor/place-at.ts';

/** An agent or a named step, as far as the text of an unfinished file tells. */
export interface OutlineAgent {
  readonly name: string;
  /** Of the mapping that it is. */
  readonly path: Path;
  readonly source: OutlineMapping;
  /** Where its name begins. */
  readonly start: number;
  readonly end: number;
}

/** Keys under which steps stand, at the top of a file and in steps (LANGUAGE §6.1). */
const STEP_KEYS: ReadonlySet<string> = new Set(
  'agents operations flow steps step parallel then else default catch finally map reduce onError on_error compensate'.split(' '),
);

/** Every agent and named step of a file, in order. */
export function outlineAgents(outline: OutlineNode | undefined): readonly OutlineAgent[] {
  const found: OutlineAgent[] = [];
  const visitSteps = (node: OutlineNode | undefined, path: Path): void => {
    if (node?.kind === 'list') for (const [index, item] of node.items.entries()) visitSteps(item, [...path, index]);
    if (node?.kind !== 'mapping') return;
    if (path.length > 0) addAgent(node, path);
    for (const { key, value } of node.entries) {
      if (STEP_KEYS.has(key.text)) visitSteps(value, [...path, key.text]);
      if (key.text === 'cases' && value?.kind === 'mapping') {
        for (const each of value.entries) visitSteps(each.value, [...path, 'cases', each.key.text]);
      }
    }
  };
  const addAgent = (source: OutlineMapping, path: Path): void => {
    const word = (key: string) => source.entries.find((entry) => entry.key.text === key)?.value;
    const name = path.includes('flow') ? (word('id') ?? word('name')) : (word('name') ?? word('agent'));
    if (name?.kind !== 'scalar') return;
    // `agent: x@1.2.0` alone names the agent `x`.
    const text = name === word('agent') ? parseFileReference(name.text).name : name.text;
    if (isName(text)) found.push({ name: text, path, source, start: name.start, end: name.end });
  };
  visitSteps(outline, []);
  return found;
}
