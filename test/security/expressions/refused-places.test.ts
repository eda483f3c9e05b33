import { expect, test } from 'vitest';
import { compile } from '../../../src/language/compile.ts';
import { parseTemplateText } from '../../../src/language/expression/template.ts';
import { ATTACKS } from './support/attacks.ts';
import { projectOf } from './support/project-of.ts';
import { type WriteAt, writeWorld } from './support/world.ts';

const span = (start: number, end: number) => ({ file: '', start, end, line: 1, column: 1, endLine: 1, endColumn: 1 });
const isRefused = (text: string) => parseTemplateText(text, { names: { agents: new Set() }, places: span }).problems.length > 0;

const refused = ATTACKS.flatMap(({ dialect, attacks }) =>
  attacks.map((text) => (dialect === 'js' ? `\${${text}}` : `$<${text}>`)).filter(isRefused),
);
const oneLine = refused.filter((text) => !text.includes('\n'));

/** The lines with places at which no error is reported. A place is found by what stands there. */
function findMissed(at: WriteAt): readonly string[] {
  const placed = new Set<string>();
  const world = writeWorld((root, before) => {
    const text = at(root, before);
    placed.add(text);
    return text;
  });
  const { diagnostics } = compile({ path: 'world.yaml', text: world.main }, projectOf(world));
  const found = new Set(diagnostics.filter(({ severity }) => severity === 'error').map(({ span: { file, line } }) => `${file}:${line}`));
  const files = [
    ['world.yaml', world.main],
    ...Object.entries(world.ensembles).map(([name, text]) => [`ensembles/${name}.yaml`, text]),
    ...Object.entries(world.agentFiles).map(([name, text]) => [`agents/${name}.yaml`, text]),
  ] as const;
  const written = [...placed];
  return files.flatMap(([file, text = '']) =>
    text
      .split('\n')
      .map((line, index) => ({ line, place: `${file}:${index + 1}` }))
      .filter(({ line, place }) => written.some((one) => line.includes(one)) && !found.has(place))
      .map(({ line, place }) => `${place}: ${line}`),
  );
}

/** As authors write it: between quotes that count for nothing inside an expression. */
const verbatim = (text: string) => `'${text}'`;

test('every attack that does not compile is refused at every place where an expression may stand', () => {
  const missed = oneLine.flatMap((attack) => findMissed((_root, before = '') => verbatim(`${before}${attack}`)));
  expect(missed).toEqual([]);
  expect(refused.length).toBeGreaterThan(150);
});

test('it is refused in the escapes of YAML too, on several lines too', () => {
  const missed: string[] = [];
  for (let next = 0; next < refused.length; ) {
    const at: WriteAt = (_root, before = '') => JSON.stringify(`${before}${refused[next++ % refused.length]}`);
    missed.push(...findMissed(at));
  }
  expect(missed).toEqual([]);
});

test('a place where nothing is refused is missed', () => {
  expect(findMissed((root) => verbatim(`\${${root}.a}`)).length).toBeGreaterThan(50);
});
