import type { ShippedPackage } from './shipped-packages.ts';

/** The part of what `npm audit --json` prints (report format 2) that is read here. */
export interface AuditReport {
  readonly vulnerabilities?: Readonly<Record<string, Vulnerability>>;
  readonly message?: string;
}

interface Vulnerability {
  readonly name: string;
  readonly severity: string;
  readonly range: string;
  readonly via: readonly (string | { readonly title: string; readonly url: string })[];
}

/**
 * One line for each shipped package with a known vulnerability, of whatever severity. A package that is only used for development and is in no bundle
 * reaches nobody, and is left out. `undefined` when the registry gave no report.
 */
export function auditFindings(report: AuditReport, shipped: readonly ShippedPackage[]): readonly string[] | undefined {
  if (report.vulnerabilities === undefined) return undefined;
  const names = new Set(shipped.map(({ name }) => name));
  return Object.values(report.vulnerabilities)
    .filter(({ name }) => names.has(name))
    .map(({ name, severity, range, via }) => {
      const why = via.map((one) => (typeof one === 'string' ? `through ${one}` : `${one.title} (${one.url})`));
      return `${name} ${range}: ${severity}: ${why.join('; ')}`;
    });
}
