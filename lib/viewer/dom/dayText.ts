/** A moment as short as one knows it: of today the time alone. */
export const dayText = (at: number, now = Date.now()): string => {
  const date = new Date(at);
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  return date.toDateString() === new Date(now).toDateString()
    ? date.toLocaleTimeString(undefined, { ...time, second: '2-digit' })
    : date.toLocaleString(undefined, { day: 'numeric', month: 'short', year: 'numeric', ...time });
};
