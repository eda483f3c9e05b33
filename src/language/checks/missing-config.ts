import { Fields, type Word } from '../model/fields.ts';
import type { Findings } from '../model/findings.ts';
import type { Check } from './check.ts';

/** What an operation cannot do without: each inner list is satisfied by any one of its keys. */
const REQUIRED: Readonly<Record<string, readonly (readonly string[])[]>> = {
  http: [['url']],
  think: [['provider'], ['model'], ['prompt', 'messages']],
  transform: [['value', 'merge']],
  wait: [['for', 'until', 'for_signal']],
  assert: [['that']],
  log: [['message']],
};

const STORAGE: Readonly<Record<string, readonly (readonly string[])[]>> = {
  kv: [['action']],
  r2: [['action']],
  d1: [['query', 'sql', 'statements']],
};

/** Actions of kv and r2 that name one key. */
const KEY_ACTIONS: ReadonlySet<string> = new Set(['get', 'put', 'delete', 'head']);

/** The config keys that an operation needs must be there; what they hold may come from an expression. */
export const missingConfig: Check = {
  codes: ['missing-config'],
  check(body, findings) {
    for (const { model, code } of body.agents) {
      if (model.work.type !== 'operation') continue;
      if (model.work.operation.text === 'code') {
        // Code is part of the program: none may come out of an expression. A `code` of the wrong type is the shape check's to report.
        const written = new Fields(model.config).value('code', 'script') !== undefined;
        if (code === undefined && !written) report(model.name.text, model.work.operation, ['code', 'script'], findings);
        continue;
      }
      // A config that is one expression is checked when it runs.
      if (model.config !== undefined && model.config.kind !== 'mapping') continue;
      const config = new Fields(model.config);
      for (const keys of requiredKeys(model.work.operation, config)) {
        if (config.entry(...keys) === undefined) report(model.name.text, model.work.operation, keys, findings);
      }
    }
  },
};

function report(agent: string, operation: Word, keys: readonly string[], findings: Findings): void {
  const wanted = keys.map((key) => `\`${key}\``).join(' or ');
  findings.report('missing-config', operation.span, `"${agent}" needs ${wanted} in its config`, {
    help: `add it: \`config: { ${keys[0]}: … }\``,
  });
}

function requiredKeys(operation: Word, config: Fields): readonly (readonly string[])[] {
  if (operation.text === 'data') return STORAGE.d1 ?? [];
  if (operation.text !== 'storage') return Object.hasOwn(REQUIRED, operation.text) ? (REQUIRED[operation.text] ?? []) : [];
  const type = config.text('type');
  if (type === undefined) return config.entry('type') === undefined ? [['type']] : [];
  const action = config.text('action');
  const key = type !== 'd1' && action !== undefined && KEY_ACTIONS.has(action) ? [['key']] : [];
  const value = type !== 'd1' && action === 'put' ? [['value']] : [];
  return [...(Object.hasOwn(STORAGE, type) ? (STORAGE[type] ?? []) : []), ...key, ...value];
}
