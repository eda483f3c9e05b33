import type { LocatedKey, LocatedMapping } from '../../language/document/located.ts';
import type { AgentModel } from '../../language/model/body-model.ts';
import { Fields } from '../../language/model/fields.ts';
import type { TextEdit } from '../apply-edits.ts';
import type { Snapshot } from '../snapshot.ts';

/**
 * The edits of a renamed agent, with what keeps it running the same agent file: where the file's name is the agent's own name, the agent
 * gets an `agent:`; where `agent:` alone names both, it gets a `name:`.
 */
export function editsOfAgentName(
  { file, text }: Snapshot,
  name: string,
  newName: string,
  renamed: readonly TextEdit[],
): readonly TextEdit[] {
  const agents = file === undefined || file.body.model.single ? [] : file.body.model.agents.filter((agent) => agent.name.text === name);
  return agents.reduce((edits, agent) => withFileName(agent, text, newName, edits), renamed);
}

function withFileName(agent: AgentModel, text: string, newName: string, edits: readonly TextEdit[]): readonly TextEdit[] {
  const { source, work, name } = agent;
  const fields = new Fields(source);
  if (work.type === 'own-name') {
    const key = fields.entry('name')?.key;
    if (key === undefined) return edits;
    const at = name.span.end;
    return [...edits, { start: at, end: at, text: `${separator(source, key, text)}agent: ${name.text}` }];
  }
  if (work.type !== 'agent-file' || work.file.span.start !== name.span.start) return edits;
  const key = fields.entry('agent')?.key;
  if (key === undefined) return edits;
  const at = key.span.start;
  const others = edits.filter(({ start }) => start < name.span.start || start >= name.span.end);
  return [...others, { start: at, end: at, text: `name: ${newName}${separator(source, key, text)}` }];
}

/** What stands between two entries of the mapping: a comma in one with braces, else a new line as deep as its keys. */
function separator(source: LocatedMapping, key: LocatedKey, text: string): string {
  if (text[source.span.start] === '{') return ', ';
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  return end + ' '.repeat(key.span.column - 1);
}
