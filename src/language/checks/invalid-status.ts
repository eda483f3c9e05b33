import type { Located } from '../document/located.ts';
import { Fields } from '../model/fields.ts';
import type { Findings } from '../model/findings.ts';
import type { Check } from './check.ts';
import { settingsOf } from './settings/agent-settings.ts';
import { constantText } from './settings/constant-text.ts';
import { responseBlocks } from './settings/response-blocks.ts';
import { writtenRetries } from './settings/written-retries.ts';

/** Statuses that no answer has (RFC 9110 §15), and, for the responses of an ensemble, those that a Worker cannot give. */
export const invalidStatus: Check = {
  codes: ['invalid-status'],
  check(body, findings) {
    for (const { name, fields } of settingsOf(body, 'http')) {
      const expect = fields.value('expect');
      if (expect?.kind !== 'list' || expect.items.length > 0) continue;
      findings.report('invalid-status', expect.span, `\`expect\` of "${name}" lists no status: every answer would be a failure`, {
        help: 'list those that are a success, such as `[200, 404]` or `[2xx]`',
      });
    }
    for (const { retryOn } of writtenRetries(body)) {
      for (const item of retryOn) checkStatus(item, { from: 100, to: 599, help: 'statuses go from 100 to 599' }, findings);
    }
    for (const block of responseBlocks(body)) {
      const status = new Fields(block).value('status');
      if (status !== undefined) checkStatus(status, { from: 200, to: 599, help: 'a response has a status from 200 to 599' }, findings);
    }
  },
};

interface Range {
  readonly from: number;
  readonly to: number;
  readonly help: string;
}

function checkStatus(value: Located, { from, to, help }: Range, findings: Findings): void {
  const text = value.kind === 'scalar' ? constantText(value)?.text : undefined;
  if (value.kind === 'scalar' && text === undefined) return;
  const status = Number(text);
  if (Number.isInteger(status) && status >= from && status <= to) return;
  const shown = text === undefined || text.length > 40 ? 'this' : JSON.stringify(value.kind === 'scalar' ? value.value : text);
  findings.report('invalid-status', value.span, `${shown} is no HTTP status`, { help });
}
