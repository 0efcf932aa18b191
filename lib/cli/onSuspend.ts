/** Calls `before` when Ctrl-Z is about to stop the program, and `after` once it goes on; gives what undoes that. */
export const onSuspend = (before: () => void, after: () => void): (() => void) => {
  const stop = (): void => {
    before();
    process.off('SIGTSTP', stop);
    process.kill(process.pid, 'SIGTSTP');
  };
  const goOn = (): void => {
    process.off('SIGTSTP', stop).on('SIGTSTP', stop);
    after();
  };
  process.on('SIGTSTP', stop);
  process.on('SIGCONT', goOn);
  return () => void process.off('SIGTSTP', stop).off('SIGCONT', goOn);
};
