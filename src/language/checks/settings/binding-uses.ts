import type { Span } from '../../../program/diagnostic.ts';
import { Fields } from '../../model/fields.ts';
import type { ParsedBody } from '../../model/parsed-body.ts';
import { settingsOf } from './agent-settings.ts';
import { constantText } from './constant-text.ts';

export type StorageKind = 'kv' | 'd1' | 'r2';

/** A place of the file that needs a storage binding. */
export interface BindingUse {
  readonly kind: StorageKind;
  /** Absent: the first one of its kind. */
  readonly name?: string;
  readonly span: Span;
  /** Who uses it, for messages: `"save"`, `the state`. */
  readonly user: string;
}

/** Every binding that agents and the state need, as far as no expression decides about it. */
export function bindingUses(body: ParsedBody): readonly BindingUse[] {
  return [...agentUses(body), ...cacheUses(body), ...stateUses(body)];
}

function agentUses(body: ParsedBody): readonly BindingUse[] {
  return settingsOf(body, 'storage', 'data').flatMap(({ name: agent, operation, fields }): readonly BindingUse[] => {
    const isData = operation.text === 'data';
    const type = fields.value(isData ? 'backend' : 'type');
    const kind = isData && type === undefined ? 'd1' : kindOf(constantText(type)?.text);
    const binding = fields.value('binding');
    const name = constantText(binding)?.text;
    if (kind === undefined || (binding !== undefined && name === undefined)) return [];
    const place = binding ?? type ?? operation;
    return [{ kind, span: place.span, user: `"${agent}"`, ...(name !== undefined && { name }) }];
  });
}

function cacheUses({ model }: ParsedBody): readonly BindingUse[] {
  return model.agents.flatMap(({ name, source, cache }): readonly BindingUse[] => {
    const entry = new Fields(source).entry('cache');
    if (entry === undefined || cache === undefined) return [];
    const { binding } = cache;
    const user = `the cache of "${name.text}"`;
    return [{ kind: 'kv', span: (binding ?? entry.key).span, user, ...(binding !== undefined && { name: binding.text }) }];
  });
}

function stateUses({ model }: ParsedBody): readonly BindingUse[] {
  const kind = kindOf(model.state.backend);
  if (kind === undefined) return [];
  const state = new Fields(new Fields(model.source).value('state'));
  const binding = constantText(state.value('binding'));
  const place = binding?.scalar ?? state.value('backend');
  return place === undefined ? [] : [{ kind, span: place.span, user: 'the state', ...(binding !== undefined && { name: binding.text }) }];
}

function kindOf(word: string | undefined): StorageKind | undefined {
  return word === 'kv' || word === 'd1' || word === 'r2' ? word : undefined;
}
