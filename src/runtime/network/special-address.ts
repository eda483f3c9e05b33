/**
 * What is special about a host that no request from outside should be able to reach, in words: an address of this machine, of a private network, of a cloud's metadata service; a name that is only
 * known inside a network. Undefined for a public one. `hostname` is that of a parsed URL: the parser has turned `0x7f.1`, `2130706433` and full-width digits into plain addresses and
 * other alphabets into Punycode. What a name resolves to cannot be seen from here.
 */
export function describeSpecialHost(hostname: string): string | undefined {
  const host = hostname.toLowerCase().replace(/\.+$/, '');
  if (host.startsWith('[')) return isPublicV6(host.slice(1, -1)) ? undefined : 'a private or special address';
  const v4 = parseV4(host);
  if (v4 !== undefined) return SPECIAL_V4.some((range) => isIn(v4, range)) ? 'a private or special address' : undefined;
  const isInner = !host.includes('.') || INNER_NAMES.some((suffix) => host.endsWith(suffix));
  return isInner ? 'a name that is only known inside a network' : undefined;
}

/** Names for use inside networks (RFC 6761, RFC 6762, RFC 8375, ICANN's reservation of `.internal`) and what routers and companies commonly use like them. */
const INNER_NAMES = ['.localhost', '.local', '.internal', '.home.arpa', '.localdomain', '.lan', '.intranet', '.corp', '.home', '.private'];

type Range = readonly [address: string, bits: number];

/** IANA's registry of special-purpose IPv4 addresses, multicast and the reserved rest; and the one of Azure's host, which only machines there reach. */
const SPECIAL_V4: readonly (readonly [number, number])[] = (
  [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['168.63.129.16', 32],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.88.99.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ] satisfies readonly Range[]
).map(([address, bits]) => [parseV4(address) ?? 0, bits]);

function parseV4(host: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host);
  return parts?.slice(1).reduce((address, part) => address * 256 + Number(part), 0);
}

function isIn(address: number, [start, bits]: readonly [number, number]): boolean {
  const size = 2 ** (32 - bits);
  return address >= start && address < start + size;
}

/**
 * Public IPv6 lies in 2000::/3, but for what stands for something else there: protocol assignments and Teredo (2001::/23), documentation (2001:db8::/32, 3fff::/20), 6to4 (2002::/16). So
 * loopback, unique local, link-local and multicast addresses are out, and all in which an IPv4 address is written (::ffff:0:0/96, 64:ff9b::/96).
 */
function isPublicV6(address: string): boolean {
  const [first = 0, second = 0] = groupsOf(address);
  if (first < 0x2000 || first > 0x3fff) return false;
  if (first === 0x2001 && (second < 0x200 || second === 0xdb8)) return false;
  return first !== 0x2002 && !(first === 0x3fff && second < 0x1000);
}

/** The groups before `::`, which is where the first two are unless they are zero. */
function groupsOf(address: string): readonly number[] {
  const [head = ''] = address.split('::');
  return head === '' ? [] : head.split(':').map((group) => Number.parseInt(group, 16));
}
