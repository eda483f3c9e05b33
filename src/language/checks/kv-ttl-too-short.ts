import { parseDuration } from '../../program/duration.ts';
import type { Check } from './check.ts';
import { settingsOf } from './settings/agent-settings.ts';
import { constantText } from './settings/constant-text.ts';

/** KV refuses a key that is to live for less (https://developers.cloudflare.com/kv/api/write-key-value-pairs/#expiring-keys). */
const MIN_TTL_MS = 60_000;

/** A key's life is at least a minute; the put fails otherwise. */
export const kvTtlTooShort: Check = {
  codes: ['kv-ttl-too-short'],
  check(body, findings) {
    for (const { name, fields } of settingsOf(body, 'storage')) {
      if (fields.text('type') !== 'kv' || fields.text('action') !== 'put') continue;
      const constant = constantText(fields.value('expirationTtl'));
      const ttlMs = constant && parseDuration(constant.text, 's');
      if (constant === undefined || ttlMs === undefined || ttlMs >= MIN_TTL_MS) continue;
      findings.report('kv-ttl-too-short', constant.scalar.span, `KV keeps no key for less than 60 seconds ("${name}")`, {
        help: 'a bare number counts seconds: write `60` or more, or a text such as `5m`',
      });
    }
  },
};
