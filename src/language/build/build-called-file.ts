import type { AnalyzedFile } from '../analyze-file.ts';
import { buildBody } from './build-body.ts';
import { buildLimits } from './build-limits.ts';
import type { BuildSite } from './build-site.ts';

/** Adds a file that the program runs to those that the program holds, once; gives the key that it has there. */
export function buildCalledFile(analyzed: AnalyzedFile, site: BuildSite): string {
  const { model, limits } = analyzed.body;
  const { file } = model;
  if (site.entered.has(file)) return file;
  site.entered.add(file);
  site.files.set(file, {
    kind: model.kind,
    name: model.name.text,
    ...(model.version !== undefined && { version: model.version }),
    file,
    body: buildBody(analyzed, site),
    limits: buildLimits(limits),
  });
  return file;
}
