import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** What is replaced in a file of a package while it is bundled. */
interface Adaptation {
  readonly file: RegExp;
  readonly replace: readonly (readonly [before: string, after: string])[];
}

const ADAPTATIONS: readonly Adaptation[] = [
  {
    // It makes all patterns for `\p{…}` when it is loaded, which takes as long as checking a small file: now those that a regular expression asks for.
    file: /[/\\]acorn[/\\]dist[/\\]acorn\.mjs$/,
    replace: [
      ['\n  buildUnicodeData(ecmaVersion);\n', '\n'],
      [
        'this.unicodeProperties = data[parser.options.ecmaVersion >= 14 ? 14 : parser.options.ecmaVersion];',
        `var version = parser.options.ecmaVersion >= 14 ? 14 : parser.options.ecmaVersion;
  if (version >= 9 && !data[version]) { buildUnicodeData(version); }
  this.unicodeProperties = data[version];`,
      ],
    ],
  },
  {
    // It opens stdout to look whether that is a terminal. Ours tells it (src/cli/terminal/paint.ts).
    file: /[/\\]picocolors[/\\]picocolors\.js$/,
    replace: [['(p.stdout || {}).isTTY', 'false']],
  },
];

/** Has packages do at their first use what they do when they are loaded: that is at every start. The build fails when one of them has changed in that place. */
export const adaptPackages: Plugin = {
  name: 'adapt-packages',
  setup(build) {
    for (const { file, replace } of ADAPTATIONS) {
      build.onLoad({ filter: file }, async ({ path }) => {
        let contents = await readFile(path, 'utf8');
        for (const [before, after] of replace) {
          if (contents.split(before).length !== 2) throw new Error(`${path} no longer has, once: ${before}`);
          contents = contents.replace(before, () => after);
        }
        return { contents };
      });
    }
  },
};
