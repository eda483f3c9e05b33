import { applyEdits, modify } from 'jsonc-parser';
import { ProjectProblem } from '../project-problem.ts';

type Members = Readonly<Record<string, unknown>>;

/**
 * A `package.json` with the scripts and dependencies of another one that it lacks; nothing of its own changes, and its layout stays.
 * @throws ProjectProblem when it is no JSON object.
 */
export function joinPackage(before: string, wanted: string, shownFile: string): string {
  const there = parse(before, shownFile);
  const { scripts, devDependencies } = parse(wanted, shownFile);
  const dependencies = { ...asMembers(there.dependencies), ...asMembers(there.devDependencies) };
  const additions = [
    ...missing('scripts', asMembers(scripts), asMembers(there.scripts)),
    ...missing('devDependencies', asMembers(devDependencies), dependencies),
  ];
  const indent = /^([ \t]+)"/m.exec(before)?.[1] ?? '  ';
  const formattingOptions = {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.length,
    eol: before.includes('\r\n') ? '\r\n' : '\n',
  };
  return additions.reduce((text, { path, value }) => applyEdits(text, modify(text, path, value, { formattingOptions })), before);
}

function missing(key: string, wanted: Members, there: Members): { readonly path: string[]; readonly value: unknown }[] {
  return Object.entries(wanted).flatMap(([name, value]) => (Object.hasOwn(there, name) ? [] : [{ path: [key, name], value }]));
}

function parse(text: string, shownFile: string): Members {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new ProjectProblem(
      `${shownFile} is not JSON, and nothing was written: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ProjectProblem(`${shownFile} holds no JSON object, and nothing was written`);
  return value as Members;
}

function asMembers(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};
}
