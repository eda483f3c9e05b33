import { Fields, type Word } from '../../model/fields.ts';
import type { ParsedAgent, ParsedBody } from '../../model/parsed-body.ts';

/** An agent and the settings of its operation as the file gives them. */
export interface AgentSettings {
  readonly agent: ParsedAgent;
  readonly name: string;
  readonly operation: Word;
  readonly fields: Fields;
}

/** The agents that run one of the operations. One whose whole config is an expression is left out: its settings are known when it runs. */
export function settingsOf({ agents }: ParsedBody, ...operations: readonly string[]): readonly AgentSettings[] {
  return agents.flatMap((agent): readonly AgentSettings[] => {
    const { work, config, name } = agent.model;
    if (work.type !== 'operation' || !operations.includes(work.operation.text)) return [];
    if (config !== undefined && config.kind !== 'mapping') return [];
    return [{ agent, name: name.text, operation: work.operation, fields: new Fields(config) }];
  });
}
