import { graphFile } from '../../language/graph/graph-file.ts';
import { findEnsemble } from '../../node/find-ensemble.ts';
import { openProjectIndex } from '../../node/project/project-index.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { showDiagnostics } from '../run/show-diagnostics.ts';
import { GRAPH_FORMATS, type GraphFormatName } from './index.ts';

/**
 * `ensemble graph`: the drawing on stdout. A file with errors is drawn as far as it can be read; the errors go to stderr.
 * @throws ReferenceProblem
 */
export async function drawGraph(reference: string, format: GraphFormatName, io: Io): Promise<ExitCode> {
  const { project, source } = findEnsemble(reference, io.cwd);
  const { graph, errors } = graphFile(source, openProjectIndex(project.root, { scripts: 'read' }));
  showDiagnostics(errors, project.root, io);
  if (graph !== undefined) io.stdout.write(await GRAPH_FORMATS[format].render(graph));
  return errors.length > 0 ? EXIT.problemsInFile : EXIT.done;
}
