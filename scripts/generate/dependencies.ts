import { readShippedPackages, type ShippedPackage } from '../supply-chain/shipped-packages.ts';

const INTRODUCTION = `What of others reaches you with \`npm install ensemble-run\`: [installed](#installed) beside it by the package manager, or [bundled](#bundled) into its own files, with
the licences' texts in \`dist/THIRD_PARTY_LICENSES.txt\`. A deployed Worker holds some of the bundled ones and none of the installed.

A test fails when a licence is none of those that ask for no more than their notice, but for one: Miniflare installs sharp for its emulation of Cloudflare Images, and sharp a compiled
libvips, a shared library under the LGPL of its own. Ensemble neither loads nor changes it.`;

/** The page that lists every shipped package with its version and licence. */
export function renderDependencies(root: string): string {
  const shipped = readShippedPackages(root);
  const some = (how: ShippedPackage['how'], optional: boolean): string =>
    table(shipped.filter((one) => one.how === how && one.optional === optional));
  return `# Dependencies

${INTRODUCTION}

## Installed

${some('installed', false)}

Of these, the package manager takes only what is made for your platform:

${some('installed', true)}

## Bundled

${some('bundled', false)}
`;
}

function table(packages: readonly ShippedPackage[]): string {
  const rows = packages.map(({ name, version, license }) => `| ${name} | ${version} | ${license} |`);
  return ['| package | version | licence |', '| --- | --- | --- |', ...rows].join('\n');
}
