import type { Check } from './check.ts';
import { settingsOf } from './settings/agent-settings.ts';
import { constantText } from './settings/constant-text.ts';

/** The platform's limits: https://developers.cloudflare.com/kv/platform/limits/, https://developers.cloudflare.com/r2/platform/limits/. */
const MAX_KEY_BYTES: Readonly<Record<string, number>> = { kv: 512, r2: 1024 };
const STORES: Readonly<Record<string, string>> = { kv: 'KV', r2: 'R2' };

/** Keys that KV or R2 refuses whatever is stored under them. */
export const invalidStorageKey: Check = {
  codes: ['invalid-storage-key'],
  check(body, findings) {
    for (const { name, fields } of settingsOf(body, 'storage')) {
      const type = fields.text('type') ?? '';
      const limit = Object.hasOwn(MAX_KEY_BYTES, type) ? MAX_KEY_BYTES[type] : undefined;
      const constant = constantText(fields.value('key'));
      if (limit === undefined || constant === undefined || fields.text('action') === 'list') continue;
      const problem = findProblem(constant.text, type, limit);
      if (problem === undefined) continue;
      findings.report('invalid-storage-key', constant.scalar.span, `${STORES[type]} takes no ${problem} ("${name}")`);
    }
  },
};

function findProblem(key: string, type: string, limit: number): string | undefined {
  if (key === '') return 'empty key';
  if (type === 'kv' && (key === '.' || key === '..')) return `key that is \`${key}\``;
  return new TextEncoder().encode(key).length > limit ? `key of more than ${limit} bytes` : undefined;
}
