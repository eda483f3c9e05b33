/** A value inside a text, as LANGUAGE §3 says (the same rule as the expressions' own): what `context.text` gives bodies for holes in quotes. */
export function renderText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
