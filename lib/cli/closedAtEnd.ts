interface Closable {
  close(): Promise<void>;
}

const open = new Set<Closable>();

/**
 * Has a file that a command opened closed at the end of the process, whatever way that comes: only then all that was
 * written stands in the file itself, not in the journal beside it.
 */
export const closedAtEnd = <A extends Closable>(file: A): A => {
  open.add(file);
  return file;
};

/** Closes what is open still; what can't be closed is left as it is. */
export const closeAll = async (): Promise<void> => {
  for (const file of open) {
    open.delete(file);
    await file.close().catch(() => undefined);
  }
};
