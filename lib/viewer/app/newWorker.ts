interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): URL };
}

/** A worker that runs this page's own script, which is a text where it has no address. Throws where there can be none; layouts are then made in the page. */
export const newWorker = (inline: string | undefined): Worker => {
  const url =
    inline === undefined ? import.meta.url : URL.createObjectURL(new Blob([inline], { type: 'text/javascript' }));
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes };
  policy ??= trustedTypes?.createPolicy('rxdag', { createScriptURL: (own) => own });
  return new Worker(policy?.createScriptURL(url) ?? url, { type: 'module' });
};

let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;
