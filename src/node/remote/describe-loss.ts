import type { ConnectionLost } from '../host-error.ts';

/** Why nobody at `origin` answers, and what to look at. */
export function describeLoss(origin: string, { message, sent }: ConnectionLost): string {
  const isHere = /^http:\/\/(?:localhost|127\.|\[)/.test(origin);
  const help = sent ? '' : isHere ? '\nIs ensemble dev running, on that port?' : '\nIs the address right, and is this machine online?';
  return `${sent ? `the connection to ${origin} was lost` : `${origin} cannot be reached`}: ${message}${help}`;
}
