import { describe, expect, test } from 'vitest';
import { MASK, maskSource } from '../../../src/language/source/mask.ts';

/** The masked text with each run of masks as `▒`, so that the cases below stay readable. */
function show(text: string): string {
  const { masked } = maskSource(text);
  expect(masked.length).toBe(text.length);
  return masked.replaceAll(new RegExp(`${MASK}+`, 'g'), '▒');
}

describe('maskSource hides expressions', () => {
  test.each([
    ['a plain value', 'a: ${input.id}', 'a: ▒'],
    ['text around an expression', 'a: Bearer ${x} and $<y>!', 'a: Bearer ▒ and ▒!'],
    ['a flow list', 'a: [${x}, ${y}]', 'a: [▒, ▒]'],
    ['a flow mapping', 'a: { text: ${x}, b: "${y}" }', 'a: { text: ▒, b: "▒" }'],
    ['JSON', '{"a":"x ${b}","c":[${d}]}', '{"a":"x ▒","c":[▒]}'],
    ['a key', '${x}: 1', '▒: 1'],
    ['a list item', '- ${x}\n- - ${y}', '- ▒\n- - ▒'],
    ['nested template literals', "a: ${m.map(m => `${m.role}: ${m.content}`).join('\\n')} b", 'a: ▒ b'],
    ['braces, quotes and regular expressions', "a: ${f({ a: '}' }, \"}\", x.replace(/[}']/g, ''))} b", 'a: ▒ b'],
    ['several lines', 'a: ${x &&\n  y}\nb: 1', 'a: ▒\nb: 1'],
    ['a closing brace at the key’s column', 'a:\n  b: ${x.map(i => ({\n    id: i\n  }))}\n  c: 1', 'a:\n  b: ▒\n  c: 1'],
    ['Jexl filters with comparisons', 'a: $<state.items[.price > 10].name> b', 'a: ▒ b'],
    ['single quotes around single quotes', "a: '${x['k']}' # c", "a: '▒' # c"],
    ['double quotes around double quotes', 'a: "${x["k"]} \\n"', 'a: "▒ \\n"'],
    ['a comment sign inside', 'a: ${x ? " # " : y} # c', 'a: ▒ # c'],
  ])('%s', (_, text, masked) => {
    expect(show(text)).toBe(masked);
  });
});

describe('maskSource leaves alone', () => {
  test.each([
    ['escaped dollars', 'a: $${x} and $$<y>'],
    ['comments', '# ${ unclosed\na: 1 # ${ also'],
    ['literal block scalars', 'a: |\n  ${x}\n  const s = "${";\nb: 1'],
    ['folded block scalars', '- >-\n  ${x}\n\n  ${\n- b'],
    ['block scalars with an indentation digit', 'a: |2\n    ${x}\n  ${y\nb: 1'],
    ['block scalars of compact mappings', '- a: |\n    ${\n  b: 1'],
    ['quotes written with YAML’s own escapes', 'a: "${x[\\"k\\"]}"'],
    ['single quotes written with YAML’s own escapes', "a: '${x[''k'']}'"],
    ['valid flow mappings and nested mappings', 'a: { type: string, default: en }\nb:\n  c: d\n  - e: f'],
    ['a dollar that is none', 'a: costs $5 {x} and 3<4'],
  ])('%s', (_, text) => {
    expect(show(text)).toBe(text);
    expect(maskSource(text)).toMatchObject({ unclosed: [], repairs: [] });
  });

  test('a quoted empty string is not an escape', () => {
    expect(show("a: '${x || ''}'")).toBe("a: '▒'");
  });
});

describe('an unclosed expression', () => {
  test('is reported at its opening and disturbs nothing else', () => {
    expect(maskSource('a: ${x\nb: ${y}')).toMatchObject({ unclosed: [3] });
    expect(show('a: ${x\nb: ${y}')).toBe('a: ${x\nb: ▒');
    expect(show("a:\n  - b: ${x.join(', )}\n  - c: ${y}")).toBe("a:\n  - b: ${x.join(', )}\n  - c: ▒");
  });

  test('is not one in a flow list whose bracket is missing', () => {
    expect(maskSource('a: [1, ${x}\nb: |\n  ${\nc: ${y}').unclosed).toEqual([]);
  });
});

describe('the text repair', () => {
  const repaired = (text: string) => maskSource(text).repairs.map(({ start, end }) => text.slice(start, end));

  test.each([
    ['code: return { processed: ${fetch.output} };', 'return { processed: ${fetch.output} };'],
    ['code: return { count: (${state.internal_counter} || 0) + 1 };', 'return { count: (${state.internal_counter} || 0) + 1 };'],
    ['prompt: Analyze: ${x}', 'Analyze: ${x}'],
    ['- message: Note: this  # comment', 'Note: this'],
    ['a:\n  prompt: Answer the following:\n  b: 1', 'Answer the following:'],
    ['prompt: Say "a: b"\r\nb: 1', 'Say "a: b"'],
    ['code: return ${x.map(i => ({\n  a: i }))}: y', 'return ${x.map(i => ({\n  a: i }))}: y'],
  ])('reads %j as text', (text, value) => {
    expect(repaired(text)).toEqual([value]);
  });

  test.each([
    ['a mapping that lost its line break', 'config: type: kv\n  action: get'],
    ['a list that lost its line break', 'a: - b: c'],
    ['a compact mapping in a list', '- a: b\n- ? c\n  : d: e'],
    ['a quoted value', 'a: "b: c"\nd: "e": f'],
    ['keys of flow collections', 'a: [b: c, {d: e: f}]'],
    ['block scalars', 'a: |\n  b: c: d\ne: >\n\n  f: g: h'],
    ['lines of plain text', 'a: b\n  c d\n  e: f'],
    ['an expression with a colon', 'a: ${b ? c : d}'],
    ['times and URLs', 'a: 12:30:00\nb: https://x.y:80/z'],
  ])('leaves %s to YAML', (_, text) => {
    expect(repaired(text)).toEqual([]);
  });
});
