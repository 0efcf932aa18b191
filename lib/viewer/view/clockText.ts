/** How times are told: since the run began, or by the clock, here or in UTC. */
export type Clock = 'relative' | 'local' | 'utc';

/** A moment as text, to the millisecond. */
export const clockText = (clock: Clock, at: number, startedAt: number): string => {
  if (clock === 'relative') return `${at < startedAt ? '−' : '+'}${spanText(Math.abs(at - startedAt))}`;
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '—';
  if (clock === 'utc') return `${date.toISOString().slice(11, 23)}Z`;
  const two = (n: number): string => String(n).padStart(2, '0');
  const ms = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
};

/** A length of time as text. */
export const spanText = (ms: number): string => {
  if (!Number.isFinite(ms)) return '—';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1_000);
  const two = (n: number): string => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours === 0 ? rest.replace(/^0(?=\d)/u, '') : `${hours}:${rest}`;
};
