import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** What packages hold of others in compiled form, which their own licence does not speak of. */
const EMBEDDED: Readonly<Record<string, string>> = {
  '@viz-js/viz':
    'It holds, compiled to WebAssembly, Graphviz (Eclipse Public License; source: https://gitlab.com/graphviz/graphviz) and Expat (MIT; source: https://github.com/libexpat/libexpat).',
};

/**
 * The licences of the packages whose code a bundle holds, as one text: their authors ask that the notice goes with every copy.
 * Throws for a package without a licence.
 */
export function renderThirdPartyLicenses(root: string, metafiles: readonly Metafile[]): string {
  const folders = new Set<string>();
  for (const { outputs } of metafiles) {
    for (const { inputs } of Object.values(outputs)) {
      for (const input of Object.keys(inputs)) {
        const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
        if (folder !== undefined) folders.add(folder);
      }
    }
  }
  const notices = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Record<string, string>;
    const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
    if (license === undefined && file === undefined) throw new Error(`${folder} has no licence: it cannot be bundled`);
    const text = file === undefined ? `License: ${license}` : readFileSync(join(root, folder, file), 'utf8').trim();
    const embedded = EMBEDDED[name ?? ''];
    return `${name} ${version} (${license ?? 'see below'})\n\n${text}\n${embedded === undefined ? '' : `\n${embedded}\n`}`;
  });
  return notices.join(`\n${'-'.repeat(80)}\n\n`);
}
