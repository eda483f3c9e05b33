import { expect, test } from 'vitest';
import { findJsonFault } from '../../../src/worker/http/find-json-fault.ts';
import { fc } from '../../support/fast-check.ts';

test('nothing is wrong with what a program writes', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), (value, space) => {
      // Infinity and -0 come out of JSON.stringify as other numbers, which is what is meant here.
      expect(findJsonFault(JSON.stringify(value, null, space))).toBe(undefined);
    }),
  );
});

test('a key that is there twice is found wherever it stands and however it is spelt', () => {
  const spellings = (key: string) => [
    JSON.stringify(key),
    `"${Array.from({ length: key.length }, (_, i) => `\\u${key.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`,
  ];
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), fc.jsonValue(), fc.nat(10), (key, a, b, depth) => {
      const [plain, escaped] = spellings(key);
      const object = `{${plain}:${JSON.stringify(a)}, ${escaped} :${JSON.stringify(b)}}`;
      expect(findJsonFault(`${'[{"x":'.repeat(depth)}${object}${'}]'.repeat(depth)}`)).toContain('twice');
    }),
  );
});

test('the same key in several objects, and as a value, is no fault', () => {
  expect(findJsonFault('[{"a":1},{"a":{"a":"a"}},"a","a"]')).toBe(undefined);
  expect(findJsonFault('{"a":"a","b":["a","a",{"a":1}],"c":{"a":"b"}}')).toBe(undefined);
  expect(findJsonFault('{"a:b":1,"a":"{\\"a\\":1,\\"a\\":2}"}')).toBe(undefined);
});

test.each([
  ['1e999', 'too large'],
  ['[-1e400]', 'too large'],
  ['{"a":1E+309}', 'too large'],
])('%s cannot be taken', (text, about) => {
  expect(findJsonFault(text)).toContain(about);
});

test('numbers that can be kept are no fault', () => {
  expect(findJsonFault('[1.7976931348623157e308,-0.0,1e-999,true,false,null]')).toBe(undefined);
});
