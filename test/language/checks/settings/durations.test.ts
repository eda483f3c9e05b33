import { describe, expect, test } from 'vitest';
import { lint } from '../../../../src/language/lint.ts';
import { EMPTY_PROJECT } from '../../../../src/language/project-index.ts';

const agent = (operation: string, keys: string) => (duration: string) =>
  `ensemble: e\nagents:\n  - { name: a, operation: ${operation}, ${keys.replace('DURATION', duration)} }\n`;

/** Every place of the language where a duration stands (LANGUAGE §2, §4, §5). */
const PLACES: Readonly<Record<string, (duration: string) => string>> = {
  'the timeout of an agent': agent('log', 'config: { message: m }, timeout: DURATION'),
  'the first delay of a retry': agent('http', 'config: { url: "https://example.com" }, retry: { initialDelay: DURATION, maxDelay: 1d }'),
  'the longest delay of a retry': agent('http', 'config: { url: "https://example.com" }, retry: { maxDelay: DURATION }'),
  'the life of a cached output': agent('log', 'config: { message: m }, cache: { ttl: DURATION }'),
  'the timeout of a request': agent('http', 'config: { url: "https://example.com", timeout: DURATION }'),
  'the life of a key': agent('storage', 'config: { type: kv, action: put, key: k, value: 1, expirationTtl: DURATION }'),
  'the length of a pause': agent('wait', 'config: { for: DURATION }'),
  'the time for an approval': agent('approval', 'config: { prompt: Sure?, timeout: DURATION }'),
  'the longest run': (duration) => `ensemble: e\nlimits: { max_duration: ${duration} }\nagents: []\n`,
  'the validity of a state key': (duration) =>
    `ensemble: e\nstate: { schema: { a: { type: number, valid_for: ${duration} } } }\nagents: []\n`,
};

const codes = (text: string): readonly string[] => lint({ path: 'ensembles/e.yaml', text }, EMPTY_PROJECT).map(({ code }) => code);

describe.each(Object.entries(PLACES))('%s', (_, file) => {
  test.each(['5 minutes', 'soon', '1h30', '-5s', '-1', '10y'])('is not %s', (duration) => {
    expect(codes(file(duration)).filter((code) => code === 'invalid-duration' || code === 'bad-value')).toHaveLength(1);
  });

  test.each(['90000', '100s', '5m', '2h', '7d', '1h30m', '1.5h'])('may be %s', (duration) => {
    expect(codes(file(duration)).filter((code) => /duration|value|ttl/.test(code))).toEqual([]);
  });
});
