import { expect, test } from 'vitest';
import { describeSpecialHost } from '../../../src/runtime/network/special-address.ts';
import { fc } from '../../support/fast-check.ts';

/** As `http` sees it: of a URL that was parsed. */
const describeUrl = (url: string) => describeSpecialHost(new URL(url).hostname);

test.each([
  'http://127.0.0.1',
  'http://127.1',
  'http://127.255.255.254',
  'http://2130706433',
  'http://0x7f000001',
  'http://0x7f.1',
  'http://0177.0.0.1',
  'http://017700000001',
  'http://127.0.0.1.',
  'http://１２７.０.０.１',
  'http://127。0。0。1',
  'http://0.0.0.0',
  'http://0',
  'http://10.1.2.3',
  'http://172.16.0.1',
  'http://172.31.255.255',
  'http://192.168.1.1',
  'http://100.64.0.1',
  'http://169.254.169.254/latest/meta-data',
  'http://0xa9fea9fe',
  'http://2852039166',
  'http://100.100.100.200/latest/meta-data',
  'http://168.63.129.16/metadata',
  'http://[fd00:ec2::254]/latest',
  'http://[fe80::a9fe:a9fe]',
  'http://[::ffff:a9fe:a9fe]',
  'http://[::ffff:0:127.0.0.1]',
  'http://[0:0:0:0:0:ffff:169.254.169.254]',
  'http://[64:ff9b::169.254.169.254]',
  'http://[2002:a9fe:a9fe::]',
  'http://[::1]:0',
  'http://127.0.0.1:0',
  'http:127.0.0.1',
  'http:\\\\127.0.0.1\\',
  'http://\t127.0.\n0.1/',
  'http://example.com@127.0.0.1/',
  'http://example.com:80@127.0.0.1:80/',
  'http://127.0.0.1\\@example.com/',
  'http://127.0.0.1#@example.com/',
  'http://127.0.0.1?@example.com/',
  'http://127%2e0%2e0%2e1',
  'http://①②⑦.⓪.⓪.①',
  'http://127．0．0．1',
  'http://127｡0｡0｡1',
  'http://0x7f.0.1',
  'http://0177.0x0.1',
  'http://127.0.0.1..',
  'http://LocalHost',
  'http://loc\u00ADalhost',
  'http://%6c%6fcalhost',
  'http://a.b.localhost.',
  'http://instance-data',
  'http://instance-data.ec2.internal',
  'http://kubernetes.default.svc.cluster.local',
  'http://198.18.0.1',
  'http://192.0.0.192',
  'http://224.0.0.1',
  'http://255.255.255.255',
  'http://[::1]',
  'http://[::]',
  'http://[0:0:0:0:0:0:0:1]',
  'http://[::ffff:127.0.0.1]',
  'http://[::ffff:7f00:1]',
  'http://[::127.0.0.1]',
  'http://[64:ff9b::7f00:1]',
  'http://[64:ff9b:1::a00:1]',
  'http://[2002:7f00:1::]',
  'http://[2001::1]',
  'http://[fc00::1]',
  'http://[fdff::1]',
  'http://[fe80::1]',
  'http://[fec0::1]',
  'http://[ff02::1]',
  'http://[100::1]',
  'http://[2001:db8::1]',
  'http://[3fff::1]',
  'http://localhost',
  'http://LOCALHOST.',
  'http://ｌｏｃａｌｈｏｓｔ',
  'http://app.localhost:3000',
  'http://metadata.google.internal',
  'http://metadata.google.internal.',
  'http://printer.local',
  'http://router.home.arpa',
  'http://metadata',
  'http://intranet',
])('%s is no public address', (url) => {
  expect(describeUrl(url)).toBeTypeOf('string');
});

test.each([
  'http://example.com',
  'http://example.com.',
  'http://168.63.129.15',
  'http://168.63.129.17',
  'http://127.0.0.1@example.com',
  'http://example.com#@127.0.0.1',
  'http://example.com\\@127.0.0.1',
  // Whose address only the network knows: see docs/auth.md.
  'http://127.0.0.1.nip.io',
  'https://xn--bcher-kva.example:8443',
  'http://bücher.example',
  'http://1.1.1.1',
  'http://172.15.255.255',
  'http://172.32.0.0',
  'http://100.63.255.255',
  'http://100.128.0.0',
  'http://169.253.255.255',
  'http://192.0.1.1',
  'http://223.255.255.255',
  'http://11.0.0.0',
  'http://[2606:4700:4700::1111]',
  'http://[2001:4860:4860::8888]',
  'http://[2003::1]',
  'http://local.example.com',
  'http://localhost.example.com',
  'http://10.example.com',
])('%s is a public address', (url) => {
  expect(describeUrl(url)).toBeUndefined();
});

test.each([
  'http://[fe80::1%25eth0]',
  'http://[::1%lo]',
  'http://127.0.0.1%00.example.com',
  'http://256.1.1.1',
  'http://0x7f.1.1.1.1',
  'http://127.0.0.1:99999',
  'http://1.2.3.4.5',
])('%s is no address at all', (url) => {
  expect(URL.canParse(url)).toBe(false);
});

test('every spelling of an IPv4 address is judged as the address', () => {
  fc.assert(
    fc.property(fc.nat({ max: 0xffffffff }), (address) => {
      const parts = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
      const plain = describeUrl(`http://${parts.join('.')}`);
      const spellings = [
        String(address),
        `0x${address.toString(16)}`,
        `0${address.toString(8)}`,
        parts.map((part) => `0x${part.toString(16)}`).join('.'),
        parts.map((part) => `0${part.toString(8)}`).join('.'),
        `${parts.join('.')}.`,
      ];
      for (const spelling of spellings) expect(describeUrl(`http://${spelling}`)).toBe(plain);
      // Written inside an IPv6 address it is never reached, public or not.
      for (const prefix of ['::ffff:', '::', '64:ff9b::']) expect(describeUrl(`http://[${prefix}${parts.join('.')}]`)).toBeDefined();
    }),
  );
});
