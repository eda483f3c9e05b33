import type { Project } from '../../node/find-project.ts';
import { ProjectProblem } from '../../node/project-problem.ts';
import type { Program } from '../../program/program.ts';
import type { Io } from '../io.ts';
import { showDiagnostics } from '../run/show-diagnostics.ts';
import { alignColumns } from '../terminal/align-columns.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { readPresentProgram } from './present-program.ts';
import { diffPrograms, type ProgramChange } from './program-diff.ts';

/** A file may differ in more ways than anybody reads. */
const MOST_CHANGES = 40;

export type ProgramToResume =
  /** Absent: with its own. */
  | { readonly program?: Program }
  /** The present file cannot be used, and its diagnostics are on stderr. */
  | { readonly problems: true };

/**
 * With which program a run goes on: with the one that it has, as long as its file says the same; with the present file when that is wanted (`withCurrent`). A file that is gone, or has errors, keeps
 * no run from going on as it was started.
 * @throws ProjectProblem when the file says something else now, listing the differences.
 */
export function chooseProgram(
  stored: Program,
  { withCurrent }: { readonly withCurrent?: boolean },
  project: Project,
  notice: (text: string) => void,
  io: Io,
): ProgramToResume {
  const present = readPresentProgram(stored.file, project);
  const file = harmlessLine(stored.file);
  switch (present.type) {
    case 'compiled': {
      const changes = diffPrograms(stored, present.program);
      if (changes.length === 0) return {};
      if (withCurrent === true) return { program: present.program };
      throw new ProjectProblem(
        `the run was started with another version of ${file}:\n${describeChanges(changes).join('\n')}\n--with-current goes on with the file as it is now; what is done stays done, and agents are found by their names`,
      );
    }
    case 'missing':
      if (withCurrent === true) throw new ProjectProblem(`${file} is gone; without --with-current the run goes on as it was started`);
      notice(`${file} is gone; the run goes on as it was started`);
      return {};
    case 'broken':
      if (withCurrent === true) {
        showDiagnostics(present.errors, project.root, io);
        return { problems: true };
      }
      notice(`${file} has errors now; the run goes on as it was started`);
      return {};
    default:
      return present satisfies never;
  }
}

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

/** One line a change, below the name of its file. */
function describeChanges(changes: readonly ProgramChange[]): readonly string[] {
  const shown = changes.slice(0, MOST_CHANGES);
  const lines = [...Map.groupBy(shown, ({ file }) => file)].flatMap(([file, own]) => {
    const rows = own.map(({ type, what, parts }) => [
      `    ${SIGNS[type]} ${harmlessLine(what)}`,
      parts.length > 0 ? parts.join(', ') : type,
    ]);
    return [`  ${harmlessLine(file)}`, ...alignColumns(rows)];
  });
  return changes.length > shown.length ? [...lines, `  and ${changes.length - shown.length} more`] : lines;
}
