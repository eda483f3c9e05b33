import { WORKER_BINDINGS, WORKER_CLASSES } from '../../../program/host-protocol.ts';
import { type DeployCheck, filesText, finding } from '../finding.ts';
import { workerNameFor } from '../worker-name.ts';

/** That ensembles of `engine: workflows` find the engine. */
export const checkWorkflows: DeployCheck = ({ config, needs, project }) => {
  const { shown: file, pathOf, workflows } = config;
  if (needs.workflows.length === 0) return [];
  const binding = WORKER_BINDINGS.workflow;
  const className = WORKER_CLASSES.workflow;
  const bound = workflows.find((workflow) => workflow.binding === binding);
  if (bound === undefined) {
    const value = { binding, name: `${config.name ?? workerNameFor(project.root)}-runs`, class_name: className };
    return [
      finding('workflow-binding', `${filesText(needs.workflows)}: \`engine: workflows\` has no binding`, {
        file,
        help: `[[${pathOf('workflows').join('.')}]] binding = "${binding}"`,
        changes: [{ type: 'append', path: pathOf('workflows'), value }],
      }),
    ];
  }
  if (bound.className === className && bound.scriptName === undefined) return [];
  return [
    finding('workflow-binding', `${binding} is bound to ${bound.className}; it must be this Worker's ${className}`, {
      file,
      line: bound.line,
      help: `class_name = "${className}", without script_name`,
    }),
  ];
};
