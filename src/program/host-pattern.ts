/** A host that requests may go to: `api.example.com`, `*.example.com` for all names below it, either with a port. */
export interface HostPattern {
  /** As a URL has it: small letters, Punycode, brackets around IPv6. */
  readonly host: string;
  /** All names below `host`, and not itself. */
  readonly below: boolean;
  /** Absent = any. */
  readonly port?: string;
}

/** Undefined for a text that is no host: one with a scheme, a path, credentials or a `*` elsewhere than in front. */
export function parseHostPattern(text: string): HostPattern | undefined {
  const [, star = '', name = '', port] = /^(\*\.)?((?:\[[\da-f:.]+\]|[^\s:/?#@[\]\\*]+))(?::(\d{1,5}))?$/i.exec(text.trim()) ?? [];
  const url = name === '' ? null : URL.parse(`http://${name}/`);
  if (url === null || url.hostname === '' || Number(port ?? 0) > 65_535) return undefined;
  const host = withoutDot(url.hostname);
  return { host, below: star !== '', ...(port === undefined ? {} : { port: String(Number(port)) }) };
}

export function matchesHost({ host, below, port }: HostPattern, url: URL): boolean {
  const given = withoutDot(url.hostname);
  const isHost = below ? given.endsWith(`.${host}`) : given === host;
  return isHost && (port === undefined || port === portOf(url));
}

/** `example.com.` is `example.com`. */
function withoutDot(hostname: string): string {
  return hostname.replace(/\.+$/, '');
}

function portOf({ port, protocol }: URL): string {
  return port === '' ? (protocol === 'https:' ? '443' : '80') : port;
}
