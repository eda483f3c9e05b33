import { UsageProblem } from '../usage-problem.ts';

/**
 * The id by which a deployed Worker knows the ensemble that a command line names: the path of its file below `ensembles/`, without its ending. Nothing is looked up on this machine.
 * @throws UsageProblem for what can be no id.
 */
export function ensembleId(reference: string): string {
  const path = reference.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
  const below = /(?:^|\/)ensembles\/(.+)$/s.exec(path)?.[1] ?? path;
  const id = below.replace(/\.ya?ml$/, '');
  if (id !== '' && id.split('/').every((part) => part !== '' && part !== '.' && part !== '..')) return id;
  throw new UsageProblem(
    `"${reference}" names no ensemble of a deployed Worker: it takes an id such as orders/refund, or ensembles/orders/refund.yaml`,
  );
}
