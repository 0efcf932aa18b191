/** The row that a key leads to, or undefined for a key that leads nowhere. */
export const rowKey = (
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>,
  row: number,
  count: number,
  page: number,
): number | undefined => {
  if (event.ctrlKey || event.metaKey || event.altKey || count === 0) return undefined;
  const to = (wanted: number): number => Math.max(0, Math.min(wanted, count - 1));
  switch (event.key) {
    case 'j':
    case 'J':
    case 'ArrowDown':
      return to(row + 1);
    case 'k':
    case 'K':
    case 'ArrowUp':
      return to(row - 1);
    case 'PageDown':
      return to(row + page);
    case 'PageUp':
      return to(row - page);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
};
