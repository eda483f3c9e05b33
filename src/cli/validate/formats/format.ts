import type { Diagnostic } from '../../../program/diagnostic.ts';
import type { Paint } from '../../terminal/paint.ts';

/** What `--format` takes. */
export const FORMAT_NAMES = ['pretty', 'json', 'sarif', 'github', 'junit', 'compact'] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];

/** A finding in a file that was validated, or that a validated file runs. */
export interface Finding extends Diagnostic {
  /** The file as it is reached from the working folder, with forward slashes, just as the file system spells it: formats make it harmless. */
  readonly file: string;
  /** The file's text, for frames and fixes; undefined where it could not be read. */
  readonly text: string | undefined;
}

/** What one validation found, without the findings that its settings hide. */
export interface Report {
  /** By file, then by place. */
  readonly findings: readonly Finding[];
  /** Every file that was checked, spelled as in `Finding.file`, in the same order; a finding may also stand in a file that is not among them. */
  readonly files: readonly string[];
}

export interface FormatOptions {
  /** Colours for where the text goes; the formats for machines do not use them. */
  readonly paint: Paint;
  /** The working folder as it is reached from the root of the checkout (see workspace-path.ts), for formats whose paths begin there; empty = it is the root. */
  readonly workspacePath?: string;
}

/**
 * Shows a report. One file each; `index.ts` is the table. Text in, text out: the same report gives the same bytes, without absolute
 * paths and times, and nothing in a file or in its name can add a line, an annotation, an element or an escape sequence to them.
 */
export interface Format {
  /** All that goes to stdout: empty, or ending in a newline. */
  render(report: Report, options: FormatOptions): string;
}
