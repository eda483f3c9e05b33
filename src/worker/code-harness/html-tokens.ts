let done = false;

/**
 * Freezes the classes of what an HTMLRewriter hands its handlers. No global names them, and an instance can only be had inside a request: so `lockDown` cannot reach
 * them, and this runs before a call loads its body.
 */
export async function lockHtmlTokens(): Promise<void> {
  if (done) return;
  const keep = (token: object): void => {
    const prototype: object = Object.getPrototypeOf(token);
    for (const { value, get, set } of Object.values(Object.getOwnPropertyDescriptors(prototype))) {
      for (const part of [value, get, set]) if (typeof part === 'function') Object.freeze(part);
    }
    Object.freeze(prototype);
  };
  const rewriter = new HTMLRewriter()
    .on('*', {
      element(element) {
        keep(element);
        keep(element.attributes);
        element.onEndTag(keep);
      },
      text: keep,
      comments: keep,
    })
    .onDocument({ doctype: keep, end: keep });
  await rewriter.transform(new Response('<!doctype html><a href="/">text<!--comment--></a>')).text();
  done = true;
}
