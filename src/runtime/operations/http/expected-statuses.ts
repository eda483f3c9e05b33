import type { Config } from '../config.ts';
import type { RequestPlan } from './build-request.ts';

/** Which statuses are a success; `description` completes "expected …". */
export interface ExpectedStatuses {
  readonly description: string;
  includes(status: number): boolean;
}

/**
 * Reads `expect`: one status or a list of them (`[200, 404]`; `2xx` stands for a hundred). Without it any 2xx is a success, and with
 * `redirect: manual` a 3xx too, since the author wants to see it.
 */
export function readExpected(config: Config, redirect: RequestPlan['redirect']): ExpectedStatuses {
  const value = config.value('expect');
  const given = value === undefined ? (redirect === 'manual' ? ['2xx', '3xx'] : ['2xx']) : Array.isArray(value) ? value : [value];
  const patterns = given.map((item) => {
    const text = String(item).toLowerCase();
    if (!/^[1-5](?:\d\d|xx)$/.test(text)) throw config.mismatch('expect', 'a status or a list of statuses such as [200, 404] or [2xx]');
    return text;
  });
  if (patterns.length === 0) throw config.mismatch('expect', 'a status or a list of statuses such as [200, 404]');
  return {
    description: patterns.join(' or '),
    includes: (status) => patterns.some((pattern) => pattern === String(status) || pattern === `${Math.floor(status / 100)}xx`),
  };
}
