/** Numbers and times for people. */

/** A whole number in groups of three digits: `1,234,567`. */
export function formatCount(count: number): string {
  return Math.round(count).toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A time in its two largest units: `8 s`, `2 min 5 s`, `3 h 7 min`, `2 d 1 h`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  const whole = Math.max(0, Math.round(seconds));
  const [days, hours, minutes] = [86400, 3600, 60]
    .map((unit) => Math.floor(whole / unit));
  if (days > 0) return `${days} d ${hours % 24} h`;
  if (hours > 0) return `${hours} h ${minutes % 60} min`;
  if (minutes > 0) return `${minutes} min ${whole % 60} s`;
  return `${whole} s`;
}

/** Things per second: whole numbers, one decimal below 10. */
export function formatRate(perSecond: number): string {
  return perSecond < 9.95 ? perSecond.toFixed(1) : formatCount(perSecond);
}

/** Cuts a line to a number of columns, with `…` for what is missing. */
export function fitColumns(line: string, columns: number): string {
  const characters = [...line];
  if (characters.length <= columns) return line;
  return characters.slice(0, Math.max(0, columns - 1)).join("") + "…";
}
