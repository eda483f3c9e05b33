import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { NO_SHAPES, parseRunShapes, type RunShapes } from '../program/run-shapes.ts';
import { dataFolderOf } from './data-folder.ts';
import type { Project } from './find-project.ts';
import { findLinkOut } from './project/find-inside.ts';
import { readRegularText } from './read-regular.ts';

/** What the last local runs of a file (relative to the root) left of the kinds of their values; empty when there is nothing, or nothing that can be read. */
export function readRunShapes(project: Project, file: string): RunShapes {
  try {
    return parseRunShapes(JSON.parse(readRegularText(shapesPath(project, file))));
  } catch {
    return NO_SHAPES;
  }
}

/**
 * Keeps the shapes for editors, over those of earlier runs. Whatever goes wrong is not worth a word: the run itself is done, and an editor
 * does without.
 */
export function writeRunShapes(project: Project, shapes: ReadonlyMap<string, RunShapes>): void {
  try {
    // Without a data folder nothing ran on this machine.
    if (!existsSync(dataFolderOf(project))) return;
    for (const [file, { format, agents, state }] of shapes) {
      const before = readRunShapes(project, file);
      const path = shapesPath(project, file);
      if (findLinkOut(project.root, relative(project.root, path)) !== undefined) return;
      mkdirSync(dirname(path), { recursive: true });
      const text = JSON.stringify({ format, agents: { ...before.agents, ...agents }, state: { ...before.state, ...state } });
      if (text.length > MAX_LENGTH) continue;
      writeFileSync(`${path}.${process.pid}`, text);
      renameSync(`${path}.${process.pid}`, path);
    }
  } catch {}
}

const MAX_LENGTH = 512 * 1024;

function shapesPath(project: Project, file: string): string {
  const name = createHash('sha256').update(file).digest('hex').slice(0, 32);
  return join(dataFolderOf(project), 'ensemble', 'shapes', `${name}.json`);
}
