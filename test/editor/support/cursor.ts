import { type Cursor, cursorAt } from '../../../src/editor/cursor/cursor.ts';
import type { Snapshot } from '../../../src/editor/snapshot.ts';
import { Analysis } from '../../../src/language/analyze-file.ts';
import { kindOf } from '../../../src/language/lint.ts';
import { EMPTY_PROJECT, type ProjectIndex } from '../../../src/language/project-index.ts';
import { NO_SETTINGS } from '../../../src/language/settings/settings.ts';
import { settleFindings } from '../../../src/language/settle-findings.ts';
import { NO_SHAPES, type RunShapes } from '../../../src/program/run-shapes.ts';

/** Where the cursor stands in a text of a test. */
const MARK = '¦';

export interface Scene {
  readonly path?: string;
  readonly project?: Partial<ProjectIndex>;
  readonly shapes?: Partial<RunShapes>;
  /** What the file held when it was last YAML. */
  readonly before?: string;
  readonly files?: readonly string[];
}

export function snapshotOf(text: string, { path = 'ensembles/example.yaml', project, shapes, before, files = [] }: Scene = {}): Snapshot {
  const index = { ...EMPTY_PROJECT, ...project };
  const analyze = (source: string) => new Analysis(index).analyze({ path, text: source }, kindOf({ path, text: source }));
  const { file, findings } = analyze(text);
  return {
    path,
    text,
    kind: kindOf({ path, text }),
    project: index,
    findings: settleFindings(findings, NO_SETTINGS),
    file,
    lastFile: file ?? (before === undefined ? undefined : analyze(before).file),
    locate: (reference) => files.find((each) => each === reference.replace(/^\.\//, '')),
    shapes: () => ({ ...NO_SHAPES, ...shapes }),
  };
}

/** The cursor at the mark `¦` of a text. */
export function cursorIn(marked: string, scene: Scene = {}): Cursor {
  const offset = marked.indexOf(MARK);
  if (offset === -1) throw new Error(`there is no ${MARK} in the text`);
  return cursorAt(snapshotOf(marked.slice(0, offset) + marked.slice(offset + MARK.length), scene), offset);
}
