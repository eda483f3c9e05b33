import { NO_ENSEMBLES } from '../../language/ensemble-files.ts';
import { type ParsedAgent, setReads, workReads } from '../../language/model/parsed-body.ts';
import type { Read } from '../../language/model/read.ts';
import { typesOf } from '../../language/types/body-types.ts';
import { renderType } from '../../language/types/render-type.ts';
import { code, plainText } from '../markdown.ts';
import type { Snapshot } from '../snapshot.ts';
import { seenLine } from './seen-line.ts';

/** What an agent is, reads, writes and gives, in Markdown; undefined for a name that no agent has. */
export function agentDoc(snapshot: Snapshot, name: string): string | undefined {
  const file = snapshot.lastFile;
  const agent = file?.body.agents.find(({ model }) => model.named && model.name.text === name);
  if (file === undefined || agent === undefined) return undefined;
  const { model } = agent;
  const output = typesOf(file, NO_ENSEMBLES).outputOf(model);
  const description = model.source.entries.find(({ key }) => key.text === 'description')?.value;
  const reads = readNames([...workReads(agent), ...setReads(agent)].filter((read) => read.kind === 'root' || read.name !== name));
  const writes = writtenKeys(agent);
  return [
    `**${plainText(name)}** — ${workOf(agent)}`,
    description?.kind === 'scalar' && typeof description.value === 'string' ? plainText(description.value) : '',
    reads.length === 0 ? '' : `Reads ${reads.map(code).join(', ')}.`,
    writes.length === 0 ? '' : `Sets ${writes.map((key) => code(`state.${key}`)).join(', ')}.`,
    output.kind === 'unknown' ? '' : `Output: ${code(renderType(output))}`,
    seenLine(snapshot, [name, 'output']) ?? '',
  ]
    .filter((line) => line !== '')
    .join('\n\n');
}

function workOf({ model: { work } }: ParsedAgent): string {
  switch (work.type) {
    case 'operation':
      return `an agent of the operation ${code(work.operation.text)}`;
    case 'agent-file':
      return `runs the agent file ${code(work.reference.text)}`;
    case 'ensemble':
      return `runs the ensemble ${code(work.reference.text)}`;
    case 'own-name':
      return 'runs the agent file of its name';
    case 'unknown':
      return 'an agent';
    default:
      return work satisfies never;
  }
}

const MAX_NAMES = 12;

function readNames(reads: readonly Read[]): readonly string[] {
  const names = reads.map(({ kind, name, path }) => (kind === 'agent' || path[0] === undefined ? name : `${name}.${path[0]}`));
  const all = [...new Set(names)];
  return all.length > MAX_NAMES ? [...all.slice(0, MAX_NAMES), '…'] : all;
}

function writtenKeys({ model: { set } }: ParsedAgent): readonly string[] {
  if (set.type === 'none') return [];
  return (set.type === 'fields' ? set.fields.map(({ key }) => key) : set.keys).map(({ text }) => text);
}
