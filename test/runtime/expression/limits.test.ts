import { describe, expect, test } from 'vitest';
import { MAX_LIST, MAX_STRING } from '../../../src/runtime/expression/limits.ts';
import { ownTime } from '../../support/own-time.ts';
import { evaluate, failureOf, problemsOf, render } from './evaluate.ts';

/** Far above what the slowest of these takes by itself on a slow machine, far below a hang. */
const SOON_MS = 5_000;

function limitOf(text: string, input: unknown = {}): string {
  const { value, ms } = ownTime(() => failureOf(() => render(text, { input })));
  const { code, message } = value;
  expect(ms).toBeLessThan(SOON_MS);
  expect(code).toBe('EXPRESSION_LIMIT');
  return message;
}

const big = 'x'.repeat(MAX_STRING);
const longList = Array.from({ length: MAX_LIST }, (_item, index) => index);

describe('strings', () => {
  test('of 1 MiB can be made, longer ones cannot', () => {
    expect(evaluate(`'x'.repeat(${MAX_STRING}).length`)).toBe(MAX_STRING);
    expect(evaluate('(input.big.slice(1) + "x").length', { input: { big } })).toBe(MAX_STRING);
    expect(evaluate(`'x'.padStart(${MAX_STRING}).length`)).toBe(MAX_STRING);
    limitOf(`\${'x'.repeat(${MAX_STRING + 1})}`);
  });

  test.each([
    '${input.big + "x"}',
    '${`${input.big}x`}',
    '${"x".concat(input.big)}',
    '${"".padStart(1e9)}',
    '${"".padEnd(1e9, "ab")}',
    '${"ab".repeat(1e12)}',
    '${[input.big, "x"].join("")}',
    '${[input.big, "x"] + ""}',
    '${input.big.replaceAll("x", "xx")}',
    '${input.big.replace("x", "$&$&")}',
    '${input.big.split("")}',
    '${input.big.replace(/x/g, "yy")}',
    '${JSON.stringify(input.big)}',
    '${encodeURIComponent(input.big + "")}${input.big}',
    '${encodeURIComponent("é".repeat(600000))}',
    '${input.big | string}${input.big}',
    '${[input.big, input.big] | join}',
    '${[input.big] | json}',
    '<${[input.big]}>',
    '${input.big}!',
    '${["ab", "b"].reduce((all, x) => all + all + x, input.big)}',
    '${[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22].reduce(all => all + all, "x")}',
    '${"ab".repeat(500000).replace(/b/g, "$`")}',
    "${'ab'.repeat(2000).replaceAll('b', '$`$\\'')}",
  ])('%s meets the limit at once', (text) => {
    limitOf(text, { big });
  });

  test('that only pass through may be longer', () => {
    const longer = big.repeat(3);
    expect(render('${input.longer}', { input: { longer } })).toBe(longer);
    expect(evaluate('input.longer.length', { input: { longer } })).toBe(longer.length);
  });
});

describe('lists', () => {
  test('of 100,000 items can be made, longer ones cannot', () => {
    expect(evaluate(`Array.from({ length: ${MAX_LIST} }).length`)).toBe(MAX_LIST);
    expect(evaluate('[...input.longList].length', { input: { longList } })).toBe(MAX_LIST);
    expect(evaluate('input.longList.map(x => x + 1).length', { input: { longList } })).toBe(MAX_LIST);
    limitOf(`\${Array.from({ length: ${MAX_LIST + 1} })}`);
  });

  test.each([
    '${[...input.longList, 1]}',
    '${input.longList.concat([1])}',
    '${input.longList.concat(1)}',
    '${[input.longList, [1]].flat()}',
    '${[input.longList, [1]].flatMap(x => x)}',
    '${Array.from({ length: 1e9 })}',
    '${Array.from("x".repeat(100001))}',
    '${[..."x".repeat(100001)]}',
    '${"x".repeat(100001).split("")}',
    '${"x".repeat(100001) | split("")}',
    '${"x,".repeat(100001) | split}',
    '${input.longList.toSpliced(0, 0, 1)}',
    '${"x".repeat(100001).match(/x/g)}',
    '${"x".repeat(100001).matchAll(/x/g)}',
    '${JSON.parse("[" + "0,".repeat(100001) + "0]")}',
    '${Math.max(...input.longList, ...input.longList)}',
    '${Object.keys({ ...Array.from({ length: 100000 }), ...input })}${Object.keys("x".repeat(100001))}',
    '${Object.entries("x".repeat(100001))}',
  ])('%s meets the limit at once', (text) => {
    limitOf(text, { longList });
  });
});

describe('steps', () => {
  test('one operation for each of 50,000 items is within them, two for each of 100,000 are not', () => {
    expect(evaluate('input.longList.slice(0, 50000).map(x => x * 2 + 1).length', { input: { longList } })).toBe(50_000);
    limitOf('${input.longList.map(x => x * 2 + 1).length}', { longList });
    expect(evaluate('input.longList.map(x => x * 2).length', { input: { longList } })).toBe(MAX_LIST);
  });

  test.each([
    '${input.longList.map(x => input.longList.map(y => x * y)).length}',
    '${input.longList.map(x => input.longList.includes(-1)).length}',
    '${input.longList.map(x => input.longList.slice().length).length}',
    '${input.longList.map(x => input.longList.indexOf(x)).length}',
    '${input.longList.map(x => [...input.longList]).length}',
    '${input.longList.map(x => input.longList.toReversed()).length}',
    '${input.longList.map(x => input.longList.join()).length}',
    '${input.longList.map(x => input.longList | sort | unique).length}',
    '${input.longList.map(x => input.big.toUpperCase()).length}',
    '${input.longList.map(x => input.big == input.big2).length}',
    '${input.longList.map(x => input.big < input.big2).length}',
    '${input.longList.map(x => input.big.includes("y")).length}',
    '${input.longList.map(x => input.big.trim()).length}',
    '${input.longList.map(x => (input.big.slice(1) + "y").charAt(1)).length}',
    '${input.longList.map(x => JSON.stringify(input.half)).length}',
    '${input.longList.map(x => JSON.parse(input.json)).length}',
    '${input.longList.map(x => encodeURIComponent(input.big)).length}',
    '${input.longList.map(x => Number(input.big)).length}',
    '${input.longList.map(x => input.big.localeCompare(input.big2)).length}',
    '${input.longList.map(x => input.big.normalize("NFD")).length}',
    '${input.longList.map(x => /y/.test(input.big)).length}',
    '${input.longList.map(x => input.big.search(/y$/)).length}',
    '${input.longList.map(x => input.big.split("y")).length}',
    '${input.longList.map(x => [input.big2].includes(input.big)).length}',
    '${input.longList.map(x => Object.keys(input.wide)).length}',
    '${input.longList.map(x => ({ ...input.wide })).length}',
    '${input.longList.map(x => x in input.longList).map(x => Object.entries(input.wide)).length}',
    '${input.longList.sort((a, b) => (b % 7) - (a % 7)).length}',
    '${input.big.includes("y" + input.big.slice(500000))}',
    '${input.big.lastIndexOf(input.big.slice(500000) + "y")}',
    '${input.big.split("y" + input.big.slice(500000))}',
    '${input.big.replace("y" + input.big.slice(500000), "")}',
    '$<input.longList[input.longList[input.longList[.x > 1]] == 1 || .x]>',
  ])('%s ends within them', (text) => {
    const wide = Object.fromEntries(Array.from({ length: 20_000 }, (_item, index) => [`key${index}`, index]));
    // Equal texts in two places, so that comparing them really compares.
    const input = { longList, big, big2: `${big.slice(1)}x`, half: 'h'.repeat(900_000), json: JSON.stringify(longList), wide };
    limitOf(text, input);
  });
});

describe('values that repeat or nest', () => {
  test('a value that holds itself many times over is not written out', () => {
    const doubled = `[1]${'.map(x => [x, x])'.repeat(40)}`;
    limitOf(`\${${doubled}}`);
    limitOf(`\${JSON.stringify(${doubled})}`);
    limitOf(`\${${doubled}.join()}`);
    limitOf(`\${String(${doubled})}`);
    limitOf(`\${${doubled} + ''}`);
    limitOf(`\${${doubled} == 1}`);
    limitOf(`\${${doubled}.flat(Infinity)}`);
    limitOf(`\${Number(${doubled})}`);
    limitOf(`\${[${doubled}].sort((a, b) => 0).map(x => x > 1)}`);
    limitOf(`\${[${doubled}, 1].toSorted()}`);
    limitOf(`\${[1].slice(${doubled})}`);
    limitOf(`<\${${doubled}}>`);
  });

  test('a value nested more than 1,000 levels deep is refused where it is gone through', () => {
    limitOf('${JSON.parse("[".repeat(5000) + "]".repeat(5000))}');
    limitOf('${JSON.parse("[".repeat(500000) + "]".repeat(500000))}');
    let deep: unknown = 1;
    for (let level = 0; level < 50_000; level++) deep = [deep];
    limitOf('${[input.deep]}', { deep });
    limitOf('${input.deep + ""}', { deep });
    limitOf('${input.deep.flat(Infinity)}', { deep });
    limitOf('<${input.deep}>', { deep });
    expect(evaluate('JSON.parse("[".repeat(900) + "]".repeat(900)).length')).toBe(1);
  });

  test('many references to one long string are not written out', () => {
    limitOf('${Array.from({ length: 1000 }, () => input.big)}', { big });
  });
});

describe('what leaves an expression', () => {
  test.each([
    ['numbers', longList],
    ['truths', longList.map(() => true)],
    ['nulls', longList.map(() => null)],
  ])('is at most 500,000 parts, each time that a shared one appears: %s', (_, list) => {
    expect(render('${Array.from({ length: 4 }, () => input.list)}', { input: { list } })).toHaveLength(4);
    limitOf('${Array.from({ length: 5 }, () => input.list)}', { list });
  });

  test('is at most 16 Mi characters', () => {
    expect(render('${Array.from({ length: 15 }, () => input.big)}', { input: { big } })).toHaveLength(15);
    limitOf('${Array.from({ length: 16 }, () => input.big)}', { big });
  });

  test('ends as part of a text as soon as the text is too long', () => {
    expect(render('a ${input.big}', { input: { big: big.slice(2) } })).toHaveLength(MAX_STRING);
    limitOf('a ${input.big}', { big: big.slice(1) });
    limitOf('${input.big}'.repeat(2_000), { big });
  });
});

describe('regular expressions', () => {
  test('a text is only as long as the expression can take at worst', () => {
    const spaces = ' '.repeat(MAX_STRING);
    limitOf('${input.spaces.replace(/\\s+$/, "")}', { spaces: `${spaces.slice(1)}x` });
    limitOf('${input.spaces.match(/^(.*),(.*)$/)}', { spaces });
    limitOf('${/(.*),(.*)$/.test(input.spaces)}', { spaces: spaces.slice(0, 2_000) });
    expect(evaluate('input.spaces.replace(/\\s+/g, "").length', { input: { spaces: spaces.slice(1) } })).toBe(0);
    expect(evaluate('input.text.replace(/\\s+$/, "")', { input: { text: `a${' '.repeat(1_000)}` } })).toBe('a');
  });

  test.each([
    ['/\\s+$/.test(input.x)', ' ', 5_000],
    ['/^.*,.*$/.test(input.x)', '-', 3_535],
    ['/(.*),(.*)/.test(input.x)', '-', 3_535],
    ['/(.*),(.*)$/.test(input.x)', ',', 232],
    ['/\\d+-\\d+x/.test(input.x)', '1', 2_886],
    ['/a{999}b/.test(input.x)', 'a', 25_025],
    ['input.x.split(/a+b/y)', 'a', 5_000],
  ] as const)('%s takes texts of as many characters as it ends with soon, and none longer', (text, char, longest) => {
    evaluate(text, { input: { x: char.repeat(longest) } });
    expect(limitOf(`\${${text}}`, { x: char.repeat(longest + 1) })).toContain(`takes at most ${longest} characters`);
    limitOf(`\${Array.from({ length: 1000 }).map(x => ${text})}`, { x: char.repeat(longest) });
  });
});

describe('the text of an expression', () => {
  test('of 2,000 nodes is parsed, of more it is not', () => {
    const list = (count: number) => `[${Array.from({ length: count }, () => '1').join(',')}]`;
    expect(problemsOf(list(1_999))).toEqual([]);
    expect(problemsOf(list(2_000))).toEqual(['expression-too-large']);
    expect(problemsOf(list(2_000), [], 'jexl')).toEqual(['expression-too-large']);
  });

  test('64 levels deep is parsed, deeper it is not', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(problemsOf(nested(64))).toEqual([]);
    expect(problemsOf(nested(65))).toEqual(['expression-too-large']);
    expect(problemsOf(`input${'.a'.repeat(63)}`)).toEqual([]);
    expect(problemsOf(`input${'.a'.repeat(64)}`)).toEqual(['expression-too-large']);
  });

  test.each([
    '('.repeat(100_000),
    '['.repeat(50_000),
    '!'.repeat(90_000),
    '`${'.repeat(20_000),
    'x=>'.repeat(30_000),
    `input${'.a'.repeat(40_000)}`,
    '1+'.repeat(45_000),
    'a?'.repeat(45_000),
    '"'.repeat(99_999),
    '/a'.repeat(40_000),
    'a-'.repeat(49_000),
    `${'{a:'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  ])('that is hostile ends in a problem soon (%#)', (text) => {
    const names = ['a-b', 'a-a-a-a-a-c'];
    const parses = [
      () => problemsOf(text, names),
      () => problemsOf(text, names, 'jexl'),
      () => problemsOf(text.slice(0, 19_000), names, 'jexl'),
    ];
    for (const parse of parses) {
      const { value, ms } = ownTime(parse);
      expect(value).not.toEqual([]);
      expect(ms).toBeLessThan(SOON_MS);
    }
  });
});
