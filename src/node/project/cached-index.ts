import type { ProjectIndex } from '../../language/project-index.ts';

/**
 * The same index with each answer kept: for a while in which the project does not change, such as one call of `validate`. Files that other
 * files name are few against the files of a project.
 */
export function cacheIndex(index: ProjectIndex): ProjectIndex {
  return {
    agentFile: remember((name) => index.agentFile(name)),
    agentFiles: remember((name) => index.agentFiles(name)),
    agentNames: once(() => index.agentNames()),
    ensembleFile: rememberPair((reference, from) => index.ensembleFile(reference, from)),
    ensembleFiles: remember((name) => index.ensembleFiles(name)),
    ensembleNames: once(() => index.ensembleNames()),
    schemaFile: rememberPair((reference, from) => index.schemaFile(reference, from)),
    script: rememberPair((reference, from) => index.script(reference, from)),
    bindings: once(() => index.bindings()),
    variables: once(() => index.variables()),
  };
}

function once<Value>(ask: () => Value): () => Value {
  let answer: { readonly value: Value } | undefined;
  return () => {
    answer ??= { value: ask() };
    return answer.value;
  };
}

function remember<Value>(ask: (key: string) => Value): (key: string) => Value {
  const answers = new Map<string, Value>();
  return (key) => {
    const known = answers.get(key);
    if (known !== undefined || answers.has(key)) return known as Value;
    const answer = ask(key);
    answers.set(key, answer);
    return answer;
  };
}

/** What a reference means depends on the folder of the file that holds it, not on its name. */
function rememberPair<Value>(ask: (reference: string, from: string) => Value): (reference: string, from: string) => Value {
  const folders = new Map<string, (reference: string) => Value>();
  return (reference, from) => {
    const folder = from.slice(0, from.lastIndexOf('/') + 1);
    let inFolder = folders.get(folder);
    if (inFolder === undefined) {
      inFolder = remember((key) => ask(key, from));
      folders.set(folder, inFolder);
    }
    return inFolder(reference);
  };
}
