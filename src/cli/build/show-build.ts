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
    harmlessLine(`  ${id}`),
    harmlessLine([...(engine === 'workflows' ? ['workflows'] : []), ...triggers.map(({ type }) => type)].join(', ')),
  ]);
  const rows = GROUPS.flatMap(({ name, folder: prefix }) => {
    const group = files.filter(({ path }) => path.endsWith('.js') && path.startsWith(prefix));
    if (group.length === 0) return [];
    const bytes = group.reduce((sum, file) => sum + file.bytes, 0);
    return [[`  ${name}`, `${group.length} module${group.length === 1 ? '' : 's'}`, kibibytes(bytes)]];
  });
  const share = ((size.bytes / size.max_bytes) * 100).toFixed(1);
  return [
    paint.bold(harmlessLine(`built ${folder}`)),
    ...alignColumns(ensembles),
    '',
    ...alignColumns(rows),
    `  ${kibibytes(size.bytes)} of ${size.max_bytes / MEBIBYTE} MiB (${share} %), compressed ${kibibytes(size.gzip_bytes)}`,
    manifest.code === 'static' ? '  code agents run as modules of the Worker' : '  code agents run in isolates of the Worker Loader',
  ];
}

const GROUPS = [
  { name: 'runtime', folder: 'runtime/' },
  { name: 'programs', folder: 'programs/' },
  { name: 'code', folder: 'code/' },
] as const;

const kibibytes = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;
