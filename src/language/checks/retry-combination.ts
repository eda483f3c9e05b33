import type { LocatedEntry } from '../document/located.ts';
import { Fields } from '../model/fields.ts';
import type { Findings } from '../model/findings.ts';
import type { Check } from './check.ts';
import { constantText } from './settings/constant-text.ts';
import { valuesOf } from './settings/trigger-settings.ts';
import { type WrittenRetry, writtenRetries } from './settings/written-retries.ts';

/** Operations whose failures never pass: the same config over the same data fails again. */
const NEVER_RETRIED: ReadonlySet<string> = new Set(['assert', 'transform', 'log']);
/** Operations whose failures carry a status (LANGUAGE §2.3). */
const WITH_STATUS: ReadonlySet<string> = new Set(['http', 'think']);
/** Those of which it is known that their failures carry none. */
const WITHOUT_STATUS: ReadonlySet<string> = new Set(['code', 'storage', 'data']);

/** Settings of `retry` that change nothing, so that the author expects tries or delays that never come. */
export const retryCombination: Check = {
  codes: ['retry-combination'],
  check(body, findings) {
    for (const retry of writtenRetries(body)) {
      const { work } = retry.agent;
      const operation = work.type === 'operation' ? work.operation.text : undefined;
      if (operation !== undefined && NEVER_RETRIED.has(operation) && retry.plan.maxAttempts > 1) {
        report(
          retry.entry,
          `\`retry\` has no effect: a failure of \`${operation}\` is never tried again ("${retry.agent.name.text}")`,
          findings,
          {
            help: 'what is wrong with its config or its data is still wrong the next time; leave `retry` out',
          },
        );
        continue;
      }
      checkSingleTry(retry, findings);
      checkDelays(retry, findings);
      checkStatuses(retry, operation, findings);
    }
  },
};

function checkSingleTry({ agent, plan, fields }: WrittenRetry, findings: Findings): void {
  if (plan.maxAttempts > 1) return;
  const entry = fields.entry('retryOn', 'retry_on', 'backoff', 'initialDelay', 'initial_delay', 'maxDelay', 'max_delay', 'jitter');
  if (entry === undefined) return;
  report(entry, `\`${entry.key.text}\` has no effect: "${agent.name.text}" is tried only once`, findings, {
    help: '`maxAttempts` counts all tries: with 2 there is one retry',
  });
}

function checkDelays({ agent, plan, fields }: WrittenRetry, findings: Findings): void {
  const initial = fields.entry('initialDelay', 'initial_delay');
  if (initial === undefined || plan.maxAttempts === 1 || plan.initialDelayMs <= plan.maxDelayMs) return;
  const max = fields.entry('maxDelay', 'max_delay');
  const limit = max === undefined ? 'the `maxDelay` of 30s that holds when none is given' : `the \`${max.key.text}\``;
  findings.report('retry-combination', initial.value.span, `\`${initial.key.text}\` of "${agent.name.text}" is longer than ${limit}`, {
    help: 'no delay is longer than `maxDelay`: raise it, or lower the first delay',
  });
}

function checkStatuses({ agent, plan, fields, retryOn }: WrittenRetry, operation: string | undefined, findings: Findings): void {
  const entry = fields.entry('retryOn', 'retry_on');
  if (entry === undefined || operation === undefined || plan.maxAttempts === 1) return;
  if (WITHOUT_STATUS.has(operation)) {
    report(
      entry,
      `\`${entry.key.text}\` has no effect: a failure of \`${operation}\` has no HTTP status ("${agent.name.text}")`,
      findings,
      {
        help: 'it is for agents with `operation: http` or `think`; leave it out',
      },
    );
  }
  if (!WITH_STATUS.has(operation)) return;
  const isSuccess = operation === 'http' ? readSuccess(new Fields(agent.config)) : (status: number) => status >= 200 && status < 300;
  for (const item of retryOn) {
    const status = item.kind === 'scalar' && typeof item.value === 'number' ? item.value : 0;
    const reason = isSuccess(status) ? 'is a success' : status >= 100 && status < 200 ? 'is never the status of a whole answer' : undefined;
    if (reason === undefined) continue;
    findings.report('retry-combination', item.span, `${status} ${reason}: "${agent.name.text}" is not tried again for it`, {
      help: isSuccess(status) && operation === 'http' ? 'list under `expect:` which statuses are a success' : 'leave it out',
    });
  }
}

/** Which statuses are surely a success (as the runtime reads `expect`); none when an expression says it. */
function readSuccess(config: Fields): (status: number) => boolean {
  const expect = config.value('expect');
  const patterns = new Set(expect === undefined ? ['2xx'] : valuesOf(expect).map((item) => constantText(item)?.text.toLowerCase()));
  return (status) => patterns.has(String(status)) || patterns.has(`${Math.floor(status / 100)}xx`);
}

function report({ key }: LocatedEntry, message: string, findings: Findings, { help }: { readonly help: string }): void {
  findings.report('retry-combination', key.span, message, { help });
}
