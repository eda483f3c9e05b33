import type { Span } from '../../program/diagnostic.ts';
import type { Findings } from '../model/findings.ts';
import type { FoundVersion } from './find-version.ts';

type Trouble = Exclude<FoundVersion, { readonly type: 'found' | 'missing' }>;

const NAMES = { agent: 'agent file', ensemble: 'ensemble' } as const;

/** Says why a version that a file asks for cannot be had. */
export function reportVersion(trouble: Trouble, kind: keyof typeof NAMES, span: Span, findings: Findings): void {
  switch (trouble.type) {
    case 'invalid-range':
      findings.report(
        'invalid-version',
        span,
        trouble.range === '' ? 'nothing stands behind the @' : `"${trouble.range}" is neither a version nor a range of versions`,
        {
          help: 'behind the @ stands a version such as 1.2.0, or a range such as ^1.2, ~1.2.0 or >=1.2 <3',
        },
      );
      return;
    case 'no-version': {
      const { name, range, versions } = trouble;
      const rule = kind === 'agent' ? 'missing-agent-version' : 'missing-ensemble-version';
      const known = versions.map(({ version, file }) => `${version} (${file.path})`).join(', ');
      findings.report(rule, span, `no version of the ${NAMES[kind]} "${name}" satisfies ${range}`, {
        help: known === '' ? `no file of that name has a \`version\` such as 1.2.0` : `there is ${known}`,
      });
      return;
    }
    case 'same-version': {
      const { name, version, files } = trouble;
      findings.report('ambiguous-version', span, `${files.length} files are version ${version} of the ${NAMES[kind]} "${name}"`, {
        help: `give them different versions: ${files.map(({ path }) => path).join(', ')}`,
      });
      return;
    }
    default:
      trouble satisfies never;
  }
}
