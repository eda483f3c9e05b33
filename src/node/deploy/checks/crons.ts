import { type DeployCheck, filesText, finding } from '../finding.ts';

/** That the platform wakes the Worker whenever a cron trigger is due, and not for nothing. */
export const checkCrons: DeployCheck = ({ config, needs }) => {
  const { shown: file, crons, heldAt, lineOf } = config;
  const configured = new Set(crons.map(plain));
  const missing = needs.crons.filter(({ cron }) => !configured.has(plain(cron)));
  const stale = crons.filter((cron) => !needs.crons.some((need) => plain(need.cron) === plain(cron)));
  const line = lineOf('triggers', 'crons');
  const path = [...heldAt('triggers'), 'crons'];
  return [
    ...missing.map(({ cron, files }) =>
      finding('cron', `the platform does not wake the Worker at "${cron}" (UTC), when ${filesText(files)} may be due`, {
        file,
        line,
        help: `add "${cron}" to triggers.crons`,
        changes: [{ type: 'append', path, value: cron }],
      }),
    ),
    ...stale.map((cron) =>
      finding('stale-cron', `no trigger is due at the cron "${cron}" of the configuration`, {
        file,
        line,
        help: 'take it out of triggers.crons',
      }),
    ),
  ];
};

const plain = (cron: string): string => cron.trim().split(/\s+/).join(' ').toUpperCase();
