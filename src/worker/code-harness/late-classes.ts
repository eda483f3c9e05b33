import { exports } from 'cloudflare:workers';

let locked = false;

/**
 * Freezes the classes that no global names and of which an instance can only be had inside a request, so that `lockDown` cannot reach them: what an HTMLRewriter hands its
 * handlers, and the stub of the harness itself. Runs before a call loads its body.
 */
export async function lockLateClasses(): Promise<void> {
  if (locked) return;
  const stub: unknown = Reflect.get(exports, 'CodeHarness');
  if ((typeof stub === 'object' || typeof stub === 'function') && stub !== null) lockClassOf(stub);
  const rewriter = new HTMLRewriter()
    .on('*', {
      element(element) {
        lockClassOf(element);
        lockClassOf(element.attributes);
        element.onEndTag(lockClassOf);
      },
      text: lockClassOf,
      comments: lockClassOf,
    })
    .onDocument({ doctype: lockClassOf, end: lockClassOf });
  await rewriter.transform(new Response('<!doctype html><a href="/">text<!--comment--></a>')).text();
  locked = true;
}

function lockClassOf(instance: object): void {
  const prototype: object = Object.getPrototypeOf(instance);
  for (const { value, get, set } of Object.values(Object.getOwnPropertyDescriptors(prototype))) {
    for (const part of [value, get, set]) if (typeof part === 'function') Object.freeze(part);
  }
  Object.freeze(prototype);
}
