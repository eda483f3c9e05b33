import { parentPort, workerData } from 'node:worker_threads';
import { readSource } from '../../node/project/read-source.ts';
import { checkFiles } from './check-files.ts';
import type { CheckPart, PartReport } from './check-in-parallel.ts';
import { Workspace } from './workspace.ts';

/** The main module of a thread: checks its part of the files and hands back what it found. */
const { files, rules, cwd } = workerData as CheckPart;
const { findings } = checkFiles(files, readSource, new Workspace({ rules }), cwd);
parentPort?.postMessage(findings.map(({ text, ...finding }) => ({ ...finding, readable: text !== undefined })) satisfies PartReport);
