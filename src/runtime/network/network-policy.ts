import { matchesHost, parseHostPattern } from '../../program/host-pattern.ts';
import type { NetworkPolicy } from '../ports.ts';
import { describeSpecialHost } from './special-address.ts';

/**
 * What a deployed Worker may reach: public addresses, and the hosts in `exceptions` (`HostPattern`s between commas; `*` = all of them). Who starts its runs is not who owns it, so that
 * an address out of their input must not lead to what only the Worker can reach.
 */
export function createNetworkPolicy(exceptions: string | undefined): NetworkPolicy {
  if (allowsAll(exceptions)) return { refuse: () => undefined };
  const allowed = listOf(exceptions)
    .map(parseHostPattern)
    .filter((pattern) => pattern !== undefined);
  return {
    refuse(url) {
      const special = describeSpecialHost(url.hostname);
      return special === undefined || allowed.some((pattern) => matchesHost(pattern, url)) ? undefined : `its host is ${special}`;
    },
  };
}

/** Whether the exceptions are all addresses. */
export function allowsAll(exceptions: string | undefined): boolean {
  return listOf(exceptions).includes('*');
}

function listOf(exceptions: string | undefined): readonly string[] {
  return (exceptions ?? '').split(',').map((text) => text.trim());
}
