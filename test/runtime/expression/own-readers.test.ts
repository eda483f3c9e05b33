import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { generateOwnReaders, OWN_READERS_FILE } from '../../../scripts/generate-own-readers.ts';

test('the readers are as their script writes them', async () => {
  expect(await readFile(OWN_READERS_FILE, 'utf8')).toBe(generateOwnReaders());
});
