import type { Located } from '../document/located.ts';
import { toJson } from '../document/to-json.ts';
import type { Work } from '../model/body-model.ts';
import { Fields } from '../model/fields.ts';
import type { FlowStepModel } from '../model/step-model.ts';
import type { AgentNode, TriggerNode } from './graph.ts';

/** What an agent does, as its node says it. */
export function workFacts(work: Work, name: string): Pick<AgentNode, 'operation' | 'agent_file' | 'ensemble'> {
  switch (work.type) {
    case 'operation':
      return { operation: work.operation.text };
    case 'agent-file':
      return { agent_file: work.reference.text };
    case 'ensemble':
      return { ensemble: work.reference.text };
    case 'own-name':
      return { agent_file: name };
    case 'unknown':
      return {};
  }
}

/** What a flow step goes by: its condition, value or items. */
export function flowDetail(step: FlowStepModel): string | undefined {
  switch (step.type) {
    case 'branch':
    case 'while':
      return sourceOf(step.condition);
    case 'switch':
      return sourceOf(step.value);
    case 'foreach':
    case 'map-reduce':
      return sourceOf(step.items);
    case 'parallel':
      return step.waitFor === 'all' ? undefined : `wait for ${step.waitFor}`;
    case 'try':
      return undefined;
  }
}

/** A value as the author wrote it: text as it is, anything else as JSON. */
export function sourceOf(value: Located | undefined): string | undefined {
  if (value === undefined) return undefined;
  return value.kind === 'scalar' && typeof value.value === 'string' ? value.value : JSON.stringify(toJson(value));
}

/** The keys that tell one trigger from another. */
const TRIGGER_DETAILS = ['path', 'cron', 'queue', 'addresses', 'address'];

export function triggerFacts(trigger: Located): Omit<TriggerNode, 'id'> {
  const fields = new Fields(trigger);
  const detail = sourceOf(fields.value(...TRIGGER_DETAILS));
  return { kind: 'trigger', type: fields.text('type') ?? 'trigger', ...(detail !== undefined && { detail }) };
}
