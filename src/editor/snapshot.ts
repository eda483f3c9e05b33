import type { AnalyzedFile } from '../language/analyze-file.ts';
import type { BodyModel } from '../language/model/body-model.ts';
import type { ProjectIndex } from '../language/project-index.ts';
import type { Diagnostic } from '../program/diagnostic.ts';
import type { RunShapes } from '../program/run-shapes.ts';

/** One version of an open file, as the features of the editor see it. */
export interface Snapshot {
  /** Relative to the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly kind: BodyModel['kind'];
  readonly project: ProjectIndex;
  /** What is wrong in this file. */
  readonly findings: readonly Diagnostic[];
  /** What the text means; undefined while it is no YAML. */
  readonly file: AnalyzedFile | undefined;
  /** The same, or what the last text meant that was YAML. Its places are those of that text. */
  readonly lastFile: AnalyzedFile | undefined;
  /** The path of an existing file that this one names, relative to itself or to the project's root; undefined when there is none. */
  locate(reference: string): string | undefined;
  /** What the last local run left behind. */
  shapes(): RunShapes;
}
