import { createHash } from 'node:crypto';
import { WORKER_BINDINGS } from '../../../program/host-protocol.ts';
import { type DeployCheck, finding } from '../finding.ts';

/** Requests of one caller a minute. */
const LIMIT = 100;

/** That nobody who needs no key can start runs without end. */
export const checkRateLimit: DeployCheck = ({ config, needs }) => {
  const name = WORKER_BINDINGS.rateLimit;
  if (!needs.hasPublicTrigger || config.rateLimits.some((limit) => limit.name === name)) return [];
  const value = { name, namespace_id: namespaceFor(config.name ?? ''), simple: { limit: LIMIT, period: 60 } };
  return [
    finding('rate-limit', 'a trigger is public and nothing limits how often a caller may start runs', {
      file: config.shown,
      help: `[[${config.pathOf('ratelimits').join('.')}]] name = "${name}"`,
      changes: [{ type: 'append', path: config.pathOf('ratelimits'), value }],
    }),
  ];
};

/** A number that is the account's own choice; limits with the same one count together, so each Worker has its own. */
function namespaceFor(worker: string): string {
  return String(1000 + (createHash('sha256').update(worker).digest().readUInt32BE() % 1_000_000));
}
