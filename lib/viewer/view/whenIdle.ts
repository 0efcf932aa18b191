/** Works piece by piece while the page has nothing else to do, as long as there is more. Where a page can't tell that, nothing is done. */
export const whenIdle = (work: (isTimeUp: () => boolean) => boolean): (() => void) => {
  const { requestIdleCallback: request, cancelIdleCallback: cancel } = globalThis as unknown as Partial<Window>;
  if (request === undefined || cancel === undefined) return () => undefined;
  let handle = 0;
  const next = (): void => {
    handle = request((deadline) => {
      if (work(() => deadline.timeRemaining() < 1)) next();
    });
  };
  next();
  return () => cancel(handle);
};
