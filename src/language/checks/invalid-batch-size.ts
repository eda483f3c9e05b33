import type { Check } from './check.ts';
import { constantText } from './settings/constant-text.ts';
import { settingsOfTriggers } from './settings/trigger-settings.ts';

/** https://developers.cloudflare.com/queues/platform/limits/ */
const MAX_BATCH_SIZE = 100;

/** Cloudflare Queues hand over at most so many messages at once. What is no whole number from 1 on is for the shape check. */
export const invalidBatchSize: Check = {
  codes: ['invalid-batch-size'],
  check(body, findings) {
    for (const { fields } of settingsOfTriggers(body, 'queue')) {
      const constant = constantText(fields.value('batch_size'));
      if (constant === undefined || !(Number(constant.text) > MAX_BATCH_SIZE)) continue;
      findings.report('invalid-batch-size', constant.scalar.span, `queues hand over at most ${MAX_BATCH_SIZE} messages at once`, {
        help: `write a number from 1 to ${MAX_BATCH_SIZE}`,
      });
    }
  },
};
