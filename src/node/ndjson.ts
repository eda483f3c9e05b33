/**
 * The values of a stream of NDJSON, each as soon as its line is complete. A last line without a newline counts only when it is JSON: a stream that is
 * cut off inside a line ends before it. `parse` turns a line into its value, and throws SyntaxError for one that has none.
 */
export async function* readNdjson(
  stream: AsyncIterable<Uint8Array>,
  parse: (line: string) => unknown = JSON.parse,
): AsyncGenerator<unknown, void> {
  const decoder = new TextDecoder();
  // The beginning of an unfinished line, in pieces: joining them at each chunk would make a long line cost the square of its length.
  let pieces: string[] = [];
  for await (const bytes of stream) {
    const [first = '', ...lines] = decoder.decode(bytes, { stream: true }).split('\n');
    pieces.push(first);
    for (const next of lines) {
      const line = pieces.join('');
      pieces = [next];
      if (line !== '') yield parse(line);
    }
  }
  const rest = pieces.join('') + decoder.decode();
  if (rest === '') return;
  let last: unknown;
  try {
    last = parse(rest);
  } catch {
    return;
  }
  yield last;
}
