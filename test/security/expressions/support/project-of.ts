import { EMPTY_PROJECT, type ProjectIndex } from '../../../../src/language/project-index.ts';

type Files = Readonly<Record<string, string>>;

/** A project of these files, by their names. */
export function projectOf({ ensembles, agentFiles }: { readonly ensembles: Files; readonly agentFiles: Files }): ProjectIndex {
  return {
    ...EMPTY_PROJECT,
    agentNames: () => Object.keys(agentFiles),
    ensembleNames: () => Object.keys(ensembles),
    ensembleFile: (name) => fileOf(ensembles, name, 'ensembles'),
    agentFile: (name) => fileOf(agentFiles, name, 'agents'),
  };
}

function fileOf(files: Files, name: string, folder: string) {
  return Object.hasOwn(files, name) ? { path: `${folder}/${name}.yaml`, text: files[name] ?? '' } : undefined;
}
