import { existsSync, readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../../shared/seed-examples/', import.meta.url);

/** Whether the published examples lie beside this checkout. */
export const seedsPresent = existsSync(folder);

export const readSeed = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

export const listSeeds = (part = ''): readonly string[] =>
  seedsPresent ? readdirSync(new URL(part, folder)).filter((name) => name.endsWith('.yaml')) : [];

/** The agent files that the published examples suppose. */
export const seedAgents = (): Readonly<Record<string, string>> => ({
  'agents/agent1.yaml': 'agent: agent1\noperation: code\nconfig:\n  code: return { from: "agent1" };\n',
  'agents/agent2/agent.yaml':
    'agent: agent2\noperations:\n  - name: answer\n    operation: transform\n    config: { value: from agent2 }\n',
  'agents/stateful-agent/agent.yaml': readSeed('08-agent-stateful-agent.yaml'),
});

/** What each fragment leaves out. */
const STUBS: Readonly<Record<string, string>> = {
  '01-basic-state-schema.yaml': '  - { name: noop, operation: log, config: { message: hi } }\n',
  '03-write-state.yaml': '  - { name: fetch-user, operation: transform, config: { value: { name: Ada } } }\n',
  '09-output-state.yaml': '  - { name: final-agent, operation: transform, config: { value: 1 } }\n',
};

/** A whole ensemble around a fragment: a name, and stub agents before its own. */
export function completeFragment(name: string): string {
  let text = readSeed(`fragments/${name}`);
  const stubs = STUBS[name] ?? '';
  if (!/^ensemble:/m.test(text)) text = `ensemble: fragment\n${text}`;
  return /^agents:$/m.test(text) ? text.replace(/^agents:$/m, `agents:\n${stubs.trimEnd()}`) : `${text}\nagents:\n${stubs}`;
}
