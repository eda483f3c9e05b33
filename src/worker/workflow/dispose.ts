/** What came over RPC is not needed any more: without this the other side keeps it until some garbage collection. */
export function dispose(held: object): void {
  const { dispose: name } = Symbol as { readonly dispose?: symbol };
  if (name !== undefined) (held as { readonly [name: symbol]: (() => void) | undefined })[name]?.();
}
