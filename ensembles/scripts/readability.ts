interface Counts {
  readonly words: number;
  readonly sentences: number;
  readonly syllables: number;
}

const LABELS: readonly (readonly [number, string])[] = [
  [80, 'easy'],
  [50, 'plain'],
  [0, 'hard'],
];

/** Flesch reading ease of a counted text: 100 is very easy, below 30 very hard. */
export default function grade({ input }: { readonly input: Counts }): { readonly score: number; readonly label: string } {
  const score = 206.835 - 1.015 * (input.words / input.sentences) - 84.6 * (input.syllables / input.words);
  const bounded = Math.round(Math.min(100, Math.max(0, score)));
  return { score: bounded, label: LABELS.find(([from]) => bounded >= from)?.[1] ?? 'hard' };
}
