/** A scalar as it was written, without quotes and escapes: `1.0` is "1.0". A parsed one always has it. */
export const sourceOf = ({ source = '' }: { readonly source?: string }): string => source;
