import { describe, expect, test } from 'vitest';
import { isExponential } from '../../../src/language/expression/regex-ambiguity.ts';

describe('a pattern that divides a text in exponentially many ways', () => {
  test.each([
    '^(a+)+$',
    '^(a*)*$',
    '^(a|a)*$',
    '^(a|ab|b)*c',
    '^(a?b?)*$',
    '^((ab)*)*$',
    '^(.*)*$',
    '(x+x+)+y',
    '^([a-z]+)*@',
    String.raw`^(\w+\s?)*$`,
    String.raw`^(\d+|\w+)*$`,
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '^([a-z0-9]+)+-x$',
    '^(?:[a-z]+[-_]?)+$',
    '^(?:a{1,3}){2,}$',
    '^(?:(?=x)x)?(a+)+$',
    '^([ab]{2,3}c?)+d$',
    String.raw`^(\p{L}+\s?)*$`,
    String.raw`^\p{L}+(\p{L}+)*$`,
    String.raw`^(\p{Script=Han}+)+$`,
    String.raw`^([^\x00-\x7f]+)+$`,
    '^([а-яё]+ ?)*$',
    '^(漢+)+$',
    `^(${'[ab]?'.repeat(60)})*$`,
    String.raw`^(a)\1(b+)+$`,
    String.raw`^(?<q>['"])(\w+\s?)*\k<q>$`,
    `^(a+)+${'[bc]'.repeat(100)}$`,
  ])('is found: %s', (pattern) => {
    expect(isExponential(pattern, 'u')).toBe(true);
  });
});

describe('a pattern that authors write is left alone', () => {
  test.each([
    '^[a-z]+(-[a-z]+)*$',
    String.raw`^(-)(?:\w+\1)*$`,
    String.raw`^(?<q>['"])\w+(?:,\w+)*\k<q>$`,
    String.raw`^\d{4}-\d{2}-\d{2}$`,
    String.raw`^(\d{1,3}\.){3}\d{1,3}$`,
    String.raw`^([a-z]+\.)*[a-z]+$`,
    String.raw`^(\w+\s)*\w*$`,
    String.raw`^(?:https?:\/\/)?([\w\-]+\.)+[a-z]{2,}(\/.*)?$`,
    '^[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}$',
    '^#([0-9a-f]{3}){1,2}$',
    '^([0-9a-f]{12})*$',
    '^(ab?)*$',
    String.raw`^(\d{1,3},)*\d{1,3}$`,
    '^(?:[a-z]{2,8}-){1,20}x$',
    '^(a{0,3}b)*$',
    '^(a{2}b{0,1})+$',
    String.raw`^(\p{L}\p{M}*)+$`,
    String.raw`^\p{L}+([ '-]\p{L}+)*$`,
    '^[а-я]+(—[а-я]+)*$',
    '.*a.*b.*',
    String.raw`^v?\d+\.\d+\.\d+(-[0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*)?$`,
  ])('%s', (pattern) => {
    expect(isExponential(pattern, 'u')).toBe(false);
  });

  test('a loop in which a match may end is never tried another way', () => {
    expect(isExponential('(a+)+', 'u')).toBe(false);
    expect(isExponential('(a+b)+', 'u')).toBe(false);
  });

  test.each([String.raw`^(\w+\b)*$`, `^(?:${'a?'.repeat(190)}b)+(c+)+$`])('what cannot be judged is not reported: %s', (pattern) => {
    expect(isExponential(pattern, 'u')).toBe(false);
  });
});
