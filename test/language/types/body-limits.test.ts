import { describe, expect } from 'vitest';
import { Analysis, type AnalyzedFile } from '../../../src/language/analyze-file.ts';
import { NO_ENSEMBLES } from '../../../src/language/ensemble-files.ts';
import { kindOf } from '../../../src/language/lint.ts';
import { EMPTY_PROJECT, type ProjectIndex } from '../../../src/language/project-index.ts';
import { BodyTypes, typesOf } from '../../../src/language/types/body-types.ts';
import { renderType } from '../../../src/language/types/render-type.ts';
import { atLimit } from '../../support/at-limit.ts';

function analyze(text: string, project: ProjectIndex = EMPTY_PROJECT): AnalyzedFile {
  const source = { path: 'ensembles/x.yaml', text };
  const { file } = new Analysis(project).analyze(source, kindOf(source));
  if (file === undefined) throw new Error('the file has no structure');
  return file;
}

describe('what is known of the types of a file', () => {
  /** Of an ensemble that runs one, which runs another, and so on: the last of so many gives a number. */
  const through = (files: number) => {
    const textOf = (at: number) => {
      const work = at === files ? 'operation: transform, config: { value: 1 }' : `ensemble: e${at + 1}`;
      return `ensemble: e${at}\nagents:\n  - { name: a, ${work} }\noutput: \${a.output}\n`;
    };
    const ensembleFile = (name: string) => ({ path: `ensembles/${name}.yaml`, text: textOf(Number(name.slice(1))) });
    const project = { ...EMPTY_PROJECT, ensembleFile };
    // As they were worked out when the file was analysed.
    return renderType(typesOf(analyze(textOf(0), project), NO_ENSEMBLES).output);
  };
  atLimit('src/language/types/body-types.ts MAX_DEPTH', {
    // What the last of them runs is looked at, too.
    within: (levels) => expect(through(levels + 1)).toBe('number'),
    beyond: (levels) => expect(through(levels + 1)).toBe('any'),
  });

  /** Of an agent that reads the next one, which is a mistake, and so on: the last of so many gives a number. */
  const ahead = (agents: number) => {
    const lines = Array.from({ length: agents }, (_, at) => {
      const value = at + 1 === agents ? '1' : `"\${a${at + 1}.output}"`;
      return `  - { name: a${at}, operation: transform, config: { value: ${value} } }\n`;
    });
    const file = analyze(`ensemble: x\nagents:\n${lines.join('')}`);
    const [first] = file.body.model.agents;
    return first && renderType(new BodyTypes(file, NO_ENSEMBLES, 0).outputOf(first));
  };
  atLimit('src/language/types/body-types.ts MAX_NESTED', {
    within: (agents) => expect(ahead(agents)).toMatch(/^number/),
    beyond: (agents) => expect(ahead(agents)).toBe('any'),
  });
});
