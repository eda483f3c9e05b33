import { describe, expect, test } from 'vitest';
import { findHover } from '../../../src/editor/features/hover.ts';
import { cursorIn, type Scene } from '../support/cursor.ts';
import { agent, EXAMPLE } from '../support/example.ts';

function hover(marked: string, scene?: Scene): string | undefined {
  return findHover(cursorIn(marked, scene))?.markdown;
}
const output = (expression: string, scene?: Scene) => hover(`${EXAMPLE}output: ${expression}`, scene);

const SHAPES: Scene = {
  shapes: {
    agents: { 'fetch-user': { kind: 'object', properties: { rows: { kind: 'list', items: { kind: 'number' } } } } },
    state: { total: { kind: 'number' } },
  },
};

describe('hover on an expression', () => {
  test('shows the type of what is under the cursor, and what is known of it', () => {
    expect(output('${in¦put.user}')).toMatch(/^`input: \{ user\?: .*`\n\nWhat the run was given/);
    expect(output('${input.us¦er.name}')).toBe('`input.user: { name?: string, tags?: list of string } | undefined`');
    expect(output('${input.user.na¦me}')).toBe('`input.user.name: string | undefined`');
    expect(output('${state.rows.map(r => r.lab¦el)}')).toBe('`r.label: string | undefined`');
    expect(output('${state.rows.map(r => ¦r.label)}')).toMatch(/^`r: \{ id\?: number, label\?: string/);
    expect(output('${count.output¦.n}')).toMatch(/^`count\.output: \{ n: number \}`\n\nThe result of the agent/);
    expect(output('$<state.ro¦ws[.id > 1]>')).toMatch(/^`state\.rows: list of/);
    expect(output('${run.atte¦mpt}')).toMatch(/^`run\.attempt: integer`\n\nHow often/);
  });

  test('says what filters, methods, functions and constants do', () => {
    expect(output('${input.city | upper¦case}')).toBe('`text | uppercase`\n\nIn capital letters.');
    expect(output('${input.user.tags.jo¦in()}')).toBe('`list.join(separator)`\n\nThe items as one text.');
    expect(output('${input.city.at¦(0)}')).toMatch(/^`text\.at\(index\)`/);
    expect(output('${fetch-user.output.at¦(0)}')).toMatch(/text\.at[\s\S]*list\.at/);
    expect(output('${Math.ma¦x(1, 2)}')).toMatch(/^`Math\.max/);
    expect(output('${Numb¦er("1")}')).toMatch(/^`Number\(value\)`/);
    expect(output('${new Da¦te()}')).toMatch(/^`new Date\(time\)`/);
  });

  test('tells what an agent is, reads, sets and gives', () => {
    expect(output('${fetch-¦user.output}')).toBe(
      '**fetch-user** — an agent of the operation `http`\n\nAsks for the user.\n\nReads `input.user`.',
    );
    expect(output('${cou¦nt.output}')).toBe(
      '**count** — an agent of the operation `transform`\n\nSets `state.total`.\n\nOutput: `{ n: number }`',
    );
  });

  test('shows what kind of value the last run had', () => {
    expect(output('${fetch-user.out¦put}', SHAPES)).toContain('In the last run: `{ rows: list of number }`');
    expect(output('${fetch-user.output.ro¦ws}', SHAPES)).toContain('In the last run: `list of number`');
    expect(output('${fetch-¦user.output}', SHAPES)).toContain('In the last run: `{ rows: list of number }`');
    expect(output('${state.tot¦al}', SHAPES)).toContain('In the last run: `number`');
  });

  test('says nothing of what it does not know', () => {
    expect(output('${nob¦ody.output}')).toBeUndefined();
    expect(output('${fetch-user.output.thi¦ng}')).toBeUndefined();
    expect(output('${"te¦xt"}')).toBeUndefined();
    expect(output('${1 + ¦ 2}')).toBeUndefined();
  });

  test('works in code bodies and while the file is no YAML', () => {
    expect(hover(agent('operation: code', 'config: { code: "return count.out¦put" }'))).toMatch(/^`count\.output: \{ n: number \}`/);
    expect(hover(`${EXAMPLE}output: \${state.to¦tal}\nlimits: [\n`, { before: EXAMPLE })).toMatch(/^`state\.total: number/);
  });

  test('covers the name alone', () => {
    const found = findHover(cursorIn(`${EXAMPLE}output: \${fetch-us¦er.output}`));
    const text = `${EXAMPLE}output: \${fetch-user.output}`;
    expect(found && text.slice(found.start, found.end)).toBe('fetch-user');
  });
});

describe('hover on YAML', () => {
  test('explains keys at their place', () => {
    expect(hover(`${EXAMPLE}out¦put: 1`)).toMatch(/^\*\*output\*\* — What a run hands back/);
    expect(hover(agent('operation: http', 'config: { ur¦l: x }'))).toBe('**url** — The address, with http: or https:.');
    expect(hover(agent('ret¦ry: 3'))).toMatch(/^\*\*retry\*\* — What to do when the agent fails/);
    expect(hover('agent: x\nopera¦tions: []\n', { path: 'agents/x.yaml' })).toMatch(/^\*\*operations\*\* — The steps/);
  });

  test('explains operations and the words that a key takes', () => {
    expect(hover(agent('operation: ht¦tp'))).toBe('**http** — Sends one request.');
    expect(hover(agent('retry: { backoff: fix¦ed }'))).toMatch(/^\*\*backoff\*\* — How the delay grows/);
  });

  test('shows agents, state keys and files where YAML names them', () => {
    expect(hover(EXAMPLE.replace('name: count', 'name: cou¦nt'))).toMatch(/^\*\*count\*\*/);
    expect(hover(agent('state: { use: [to¦tal] }'), SHAPES)).toBe('`state.total: number | undefined`\n\nIn the last run: `number`');
    const project = { agentFile: () => ({ path: 'agents/greet.yaml', text: 'agent: greet\ndescription: Says [hello](http://x).\n' }) };
    expect(hover(agent('agent: gre¦et'), { project })).toBe('**greet** — agent file\n\nSays \\[hello\\](http://x).');
  });

  test('says nothing of unknown keys, plain values and white space', () => {
    expect(hover(`${EXAMPLE}unkn¦own: 1`)).toBeUndefined();
    expect(hover(EXAMPLE.replace('Asks', 'A¦sks'))).toBeUndefined();
    expect(hover(`${EXAMPLE}\n¦\n`)).toBeUndefined();
  });
});
