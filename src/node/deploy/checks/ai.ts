import { WORKER_BINDINGS } from '../../../program/host-protocol.ts';
import { type DeployCheck, filesText, finding } from '../finding.ts';

/** That agents of `provider: workers-ai` find it. */
export const checkAi: DeployCheck = ({ config, needs }) => {
  const { ai, shown: file, pathOf } = config;
  if (needs.ai.length === 0 || ai?.binding === WORKER_BINDINGS.ai) return [];
  const help = `[${pathOf('ai').join('.')}] binding = "${WORKER_BINDINGS.ai}"`;
  if (ai !== undefined) {
    return [
      finding('ai-binding', `Workers AI is bound as ${ai.binding}; ensembles look for ${WORKER_BINDINGS.ai}`, {
        file,
        line: ai.line,
        help,
      }),
    ];
  }
  const changes = [{ type: 'set', path: [...pathOf('ai'), 'binding'], value: WORKER_BINDINGS.ai }] as const;
  return [finding('ai-binding', `${filesText(needs.ai)}: \`provider: workers-ai\` has no binding`, { file, help, changes })];
};
