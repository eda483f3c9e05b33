import type { Check } from './check.ts';
import { writtenHeaders } from './settings/written-headers.ts';

/** Names of headers are the same in capitals and small letters; of two, both values are sent, joined by a comma. */
export const duplicateHeader: Check = {
  codes: ['duplicate-header'],
  check(body, findings) {
    for (const { headers, owner } of writtenHeaders(body)) {
      const seen = new Map<string, string>();
      for (const { key } of headers.entries) {
        const other = seen.get(key.text.toLowerCase());
        if (other === undefined) seen.set(key.text.toLowerCase(), key.text);
        else {
          findings.report('duplicate-header', key.span, `"${key.text}" and "${other}" are the same header (${owner})`, {
            help: 'keep one of the two: the values of both would be joined by a comma',
          });
        }
      }
    }
  },
};
