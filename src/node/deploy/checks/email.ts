import { type DeployCheck, filesText, finding } from '../finding.ts';

/** Who gets the mail of an address is set in the account, where nothing of it can be seen from here. */
export const checkEmail: DeployCheck = ({ needs, config }) =>
  needs.emails.map(({ address, files }) =>
    finding('email-route', `mail to ${address} must be routed to the Worker for ${filesText(files)}`, {
      help: `in the dashboard: Email Routing of ${address.slice(address.lastIndexOf('@') + 1)}, ${
        address.startsWith('*') ? 'the catch-all address' : `the address ${address}`
      }, action "Send to a Worker": ${config.name ?? 'this one'}`,
    }),
  );
