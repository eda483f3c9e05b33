import type { Host } from '../../node/host.ts';

/** A command line that means this host, for messages that say what to do next: `ensemble attach 01m7… --remote https://shop.example`. `command`: without `ensemble`. */
export function commandOn({ flags }: Pick<Host, 'flags'>, command: string): string {
  return `ensemble ${command}${flags === undefined ? '' : ` ${flags}`}`;
}
