import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { Analysis, type AnalyzedFile } from '../language/analyze-file.ts';
import { kindOf } from '../language/lint.ts';
import { EMPTY_PROJECT, type ProjectIndex } from '../language/project-index.ts';
import { parseSettings } from '../language/settings/parse-settings.ts';
import { isSettingsFile, NO_SETTINGS, type ProjectSettings, SETTINGS_FILES } from '../language/settings/settings.ts';
import { settleFindings } from '../language/settle-findings.ts';
import { findProject, type Project } from '../node/find-project.ts';
import { cacheIndex } from '../node/project/cached-index.ts';
import { findInside } from '../node/project/find-inside.ts';
import { openProjectIndex } from '../node/project/project-index.ts';
import { readSettings } from '../node/project/read-settings.ts';
import { readRunShapes } from '../node/run-shapes.ts';
import type { Diagnostic } from '../program/diagnostic.ts';
import { NO_SHAPES } from '../program/run-shapes.ts';
import { ENSEMBLE_FILE, isAgentFile, overlayIndex } from './overlay-index.ts';
import type { Snapshot } from './snapshot.ts';

/** The documents that the editor has open. */
export interface OpenDocuments {
  get(uri: string): TextDocument | undefined;
  all(): readonly TextDocument[];
}

interface OpenProject {
  readonly project: Project;
  readonly index: ProjectIndex;
  readonly settings: ProjectSettings;
}

interface Cached {
  readonly version: number;
  readonly epoch: number;
  readonly snapshot: Snapshot;
}

/** Snapshots of open documents, each made once a version, over the projects that they belong to. */
export class Workspace {
  readonly #documents: OpenDocuments;
  readonly #snapshots = new Map<string, Cached>();
  readonly #lastFiles = new Map<string, AnalyzedFile>();
  readonly #byFolder = new Map<string, OpenProject>();
  #epoch = 0;

  constructor(documents: OpenDocuments) {
    this.#documents = documents;
  }

  /** Undefined for a document that is closed, or no ensemble or agent file. */
  snapshot(uri: string): Snapshot | undefined {
    const document = this.#documents.get(uri);
    if (document === undefined) return undefined;
    const cached = this.#snapshots.get(uri);
    if (cached?.version === document.version && cached.epoch === this.#epoch) return cached.snapshot;
    const snapshot = this.#build(document);
    if (snapshot === undefined) this.#snapshots.delete(uri);
    else this.#snapshots.set(uri, { version: document.version, epoch: this.#epoch, snapshot });
    return snapshot;
  }

  /** What is wrong in a document: an ensemble, an agent file or the settings of a project. Undefined for any other. */
  findings(uri: string): readonly Diagnostic[] | undefined {
    const document = this.#documents.get(uri);
    if (document === undefined) return undefined;
    if (isSettingsFile(nameOf(uri))) return parseSettings({ path: nameOf(uri), text: document.getText() }).diagnostics;
    return this.snapshot(uri)?.findings;
  }

  /** Something that open files depend on has changed: another file, open or on disk. */
  forget(): void {
    this.#epoch++;
    this.#byFolder.clear();
  }

  close(uri: string): void {
    this.#snapshots.delete(uri);
    this.#lastFiles.delete(uri);
  }

  /** The URI of a file of the project that `uri` belongs to. */
  uriOf(path: string, uri: string): string | undefined {
    const file = fileOf(uri);
    if (file === undefined) return undefined;
    const { project } = this.#projectOf(file);
    return pathToFileURL(`${project.root}${sep}${path}`).href;
  }

  #build(document: TextDocument): Snapshot | undefined {
    const { uri } = document;
    const text = document.getText();
    const file = fileOf(uri);
    const opened = file === undefined ? undefined : this.#projectOf(file);
    const path = file === undefined || opened === undefined ? nameOf(uri) : pathFrom(opened.project.root, file);
    if (!isOurs(path, text, document.languageId)) return undefined;
    const index = opened?.index ?? EMPTY_PROJECT;
    const source = { path, text };
    const kind = kindOf(source);
    const analyzed = new Analysis(index).analyze(source, kind);
    if (analyzed.file !== undefined) this.#lastFiles.set(uri, analyzed.file);
    return {
      path,
      text,
      kind,
      project: index,
      findings: settleFindings(analyzed.findings, opened?.settings ?? NO_SETTINGS).filter(({ span }) => span.file === path),
      file: analyzed.file,
      lastFile: this.#lastFiles.get(uri),
      locate(reference) {
        const root = opened?.project.root;
        if (root === undefined) return undefined;
        const found = [join(dirname(path), reference), reference].map((each) => findInside(root, each)).find((each) => each !== undefined);
        return found === undefined ? undefined : pathFrom(root, found);
      },
      shapes: () => (opened === undefined ? NO_SHAPES : readRunShapes(opened.project, path)),
    };
  }

  #projectOf(file: string): OpenProject {
    const folder = dirname(file);
    const known = this.#byFolder.get(folder);
    if (known !== undefined) return known;
    const project = findProject(folder);
    const buffers = (): ReadonlyMap<string, TextDocument> => {
      const files = this.#documents.all().flatMap((document) => {
        const open = fileOf(document.uri);
        return open === undefined ? [] : [[pathFrom(project.root, open), document] as const];
      });
      return new Map(files);
    };
    const readBuffer = (path: string): string | undefined => buffers().get(path)?.getText();
    const settings = settingsOf(project.root, readBuffer);
    const onDisk = cacheIndex(openProjectIndex(project.root, { scripts: 'read', variables: settings.env }));
    const index = overlayIndex(onDisk, readBuffer, () => [...buffers().keys()]);
    const opened = { project, index, settings };
    this.#byFolder.set(folder, opened);
    return opened;
  }
}

function settingsOf(root: string, readBuffer: (path: string) => string | undefined): ProjectSettings {
  for (const path of SETTINGS_FILES) {
    const text = readBuffer(path);
    if (text !== undefined) return parseSettings({ path, text }).settings;
  }
  return readSettings(root).settings;
}

function fileOf(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}

const pathFrom = (root: string, file: string): string => relative(root, file).split(sep).join('/');

/** What a document without a file is called in messages. */
const nameOf = (uri: string): string => uri.slice(Math.max(uri.lastIndexOf('/'), uri.lastIndexOf(':')) + 1);

/** Editors hand over any YAML file: only those in our folders, or that say to be ensembles, are ours. */
export function isOurs(path: string, text: string, languageId: string): boolean {
  if (languageId === 'ensemble' || isAgentFile(path) || ENSEMBLE_FILE.test(path)) return true;
  return (languageId === 'yaml' || /\.ya?ml$/.test(path)) && /^ensemble[ \t]*:/m.test(text);
}
