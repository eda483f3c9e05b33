import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeUtf8, MAX_TEXT_BYTES, readText } from '../../src/node/read-text.ts';
import { fc } from '../support/fast-check.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ensemble-text-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('readText', () => {
  test('text comes as it is, a byte order mark and U+FFFD included', () => {
    writeFileSync(join(folder, 'a'), '\ufeffnaïve \ufffd 漢');
    expect(readText(join(folder, 'a'))).toBe('\ufeffnaïve \ufffd 漢');
  });

  test('what is no UTF-8 is refused with the byte and its line', () => {
    writeFileSync(join(folder, 'latin'), Buffer.concat([Buffer.from('a: \ufffd\nb: caf'), Buffer.from([0xe9, 0x0a])]));
    expect(() => readText(join(folder, 'latin'))).toThrow('it is not UTF-8 text (byte 0xE9 in line 2); save it as UTF-8');
    expect(() => decodeUtf8(Uint8Array.of(0xff, 0xfe, 0x61, 0))).toThrow(/byte 0xFF in line 1/);
    expect(() => decodeUtf8(Uint8Array.of(0x61, 0xe2, 0x82))).toThrow(/in line 1/);
  });

  test('every text survives', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => decodeUtf8(Buffer.from(text)) === text));
  });

  // at its limit: src/node/read-text.ts MAX_TEXT_BYTES
  test('a file may have 64 MiB, and a device that never ends is left there', () => {
    const file = join(folder, 'large');
    writeFileSync(file, '');
    truncateSync(file, MAX_TEXT_BYTES);
    expect(readText(file)).toHaveLength(MAX_TEXT_BYTES);
    truncateSync(file, MAX_TEXT_BYTES + 1);
    expect(() => readText(file)).toThrow(/^it is larger than 64 MiB$/);
    expect(() => readText('/dev/zero')).toThrow(/^it is larger than 64 MiB$/);
    expect(readText('/dev/null')).toBe('');
  });

  test('a missing file and a folder are told apart, in words', () => {
    mkdirSync(join(folder, 'sub'));
    expect(() => readText(join(folder, 'none'))).toThrow(/^there is no such file$/);
    expect(() => readText(join(folder, 'sub'))).toThrow(/^it is a folder$/);
  });
});
