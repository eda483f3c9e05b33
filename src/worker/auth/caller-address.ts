/**
 * Where a request comes from, to count it by: the platform's `cf-connecting-ip`. Of an IPv6 address the network counts (64 bits): whoever has one has all addresses in it. Empty where the platform says nothing, as on one's own
 * machine: all are counted together there.
 */
export function callerAddress(headers: Headers): string {
  const address = headers.get('cf-connecting-ip') ?? '';
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  return [...before, ...zeros, ...after].slice(0, 4).map(withoutZeros).join(':');
}

function withoutZeros(group: string): string {
  return group.replace(/^0+(?=.)/, '');
}
