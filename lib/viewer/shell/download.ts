/** A file name made of a run's own texts: letters, digits, dots and dashes, of bounded length. */
export const fileName = (parts: readonly string[], extension: string): string => {
  const name = parts
    .map((part) => part.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^[-.]+|[-.]+$/g, ''))
    .filter((part) => part !== '')
    .join('-');
  return `${Array.from(name).slice(0, 80).join('') || 'run'}.${extension}`;
};

const REVOKE_MS = 60_000;

/** Hands a file to the user. */
export const download = (blob: Blob, name: string): void => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), REVOKE_MS);
};
