import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { replaceText, UnwritableText } from '../../src/node/replace-text.ts';
import { writeProject } from '../support/written-project.ts';

describe('replacing the text of a file', () => {
  test('puts the new text in its place, with the same rights, and leaves nothing else behind', () => {
    using project = writeProject({ 'a.yaml': 'before' });
    const file = join(project.root, 'a.yaml');
    chmodSync(file, 0o640);
    replaceText(file, 'before', 'äfter\r\n');
    expect(readFileSync(file, 'utf8')).toBe('äfter\r\n');
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readdirSync(project.root).sort()).toEqual(['a.yaml', 'package.json']);
  });

  test('through a link it changes the file, and the link stays', () => {
    using project = writeProject({ 'a.yaml': 'before' });
    symlinkSync('a.yaml', join(project.root, 'link.yaml'));
    replaceText(join(project.root, 'link.yaml'), 'before', 'after');
    expect(lstatSync(join(project.root, 'link.yaml')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(project.root, 'a.yaml'), 'utf8')).toBe('after');
  });

  test('a file that somebody changed meanwhile, or took away, stays as it is', () => {
    using project = writeProject({ 'a.yaml': 'before' });
    const file = join(project.root, 'a.yaml');
    writeFileSync(file, 'by somebody else');
    expect(() => replaceText(file, 'before', 'after')).toThrow(new UnwritableText('it has changed meanwhile'));
    expect(readFileSync(file, 'utf8')).toBe('by somebody else');
    expect(() => replaceText(join(project.root, 'gone.yaml'), 'before', 'after')).toThrow(UnwritableText);
    expect(readdirSync(project.root).sort()).toEqual(['a.yaml', 'package.json']);
  });
});
