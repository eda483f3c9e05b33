import type { BuildOutcome } from '../../node/build/build-project.ts';
import { alignColumns } from '../terminal/align-columns.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import type { Paint } from '../terminal/paint.ts';

const MEBIBYTE = 1024 * 1024;

/** What was built, for people: each ensemble with what starts it, what the Worker is made of, and how large that is beside what the platform takes. */
export function showBuild(
  { manifest, files, size }: Extract<BuildOutcome, { type: 'built' }>,
  folder: string,
  paint: Paint,
): readonly string[] {
  const ensembles = manifest.ensembles.map(({ id, engine, triggers }) => [
    harmlessLine(id),
    harmlessLine([...(engine === 'workflows' ? ['workflows'] : []), ...triggers.map(({ type }) => type)].join(', ')),
  ]);
  const parts = GROUPS.flatMap(({ name, path: isOf }) => {
    const group = files.filter(({ path }) => isOf.test(path));
    if (group.length === 0) return [];
    const bytes = group.reduce((sum, file) => sum + file.bytes, 0);
    return [[name, `${group.length} module${group.length === 1 ? '' : 's'}`, kibibytes(bytes)]];
  });
  const share = ((size.bytes / size.max_bytes) * 100).toFixed(1);
  const hasCode = parts.some(([name]) => name === CODE) || manifest.code === 'loader';
  return [
    paint.bold(harmlessLine(`built ${folder}`)),
    ...indented(alignColumns(ensembles)),
    '',
    ...indented(alignColumns(parts)),
    ...indented([`${kibibytes(size.bytes)} of ${size.max_bytes / MEBIBYTE} MiB (${share} %), compressed ${kibibytes(size.gzip_bytes)}`]),
    ...(hasCode ? indented([`code agents run ${PLACES[manifest.code]}`]) : []),
  ];
}

const PLACES = { static: 'as modules of the Worker', loader: 'in isolates of the Worker Loader' } as const;
const CODE = 'code';
const GROUPS: readonly { readonly name: string; readonly path: RegExp }[] = [
  { name: 'runtime', path: /^runtime\/.*\.js$/ },
  { name: 'programs', path: /^programs\/.*\.js$/ },
  { name: CODE, path: /^code\/[\da-f]{64}.*\.js$/ },
];

const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`);
const kibibytes = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;
