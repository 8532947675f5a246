/** Numbers and times as people read them, in the browser's locale. */

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const oneDecimal = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const fixedDecimal = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const twoDecimals = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const percents = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumSignificantDigits: 3 });
const exactTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const dayOnly = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const dayAndMonth = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const calendarDay = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

const NOTHING = '–';

export const formatCount = (value: number): string => whole.format(value);
export const formatNumber = (value: number | null | undefined): string =>
  value == null ? NOTHING : Math.abs(value) >= 1e6 ? compact.format(value) : oneDecimal.format(value);
/** Averages stand under each other, so that each has its decimal. */
export const formatAverage = (value: number): string => (Math.abs(value) >= 1e6 ? compact : fixedDecimal).format(value);
export const formatScore = (value: number | null | undefined): string =>
  value == null ? NOTHING : twoDecimals.format(value);
/** A share of one: 0.27 is 27%, and what is there but rounds to nothing is "<1%". */
export const formatShare = (share: number): string =>
  share > 0 && share < 0.005 ? '<1%' : percents.format(share);
/** Incomes come in thousands: 65 is 65k. */
export function formatIncome(thousands: number | null | undefined): string {
  if (thousands == null) return NOTHING;
  return thousands >= 1000 ? compact.format(thousands * 1000) : `${oneDecimal.format(thousands)}k`;
}
export const formatTime = (iso: string): string => exactTime.format(new Date(iso));
export const formatDay = (iso: string): string => dayOnly.format(new Date(iso));

/** A day of a calendar with its year, as `2026-06-30`: no time zone moves it. */
export const formatCalendarDay = (date: string): string => calendarDay.format(new Date(date));

/** Money in its currency, where it is known; from a thousand on without cents. */
export function formatMoney(amount: number | null | undefined, currency: string | null): string {
  if (amount == null) return NOTHING;
  const digits = Math.abs(amount) >= 1000 ? 0 : 2;
  const short = Math.abs(amount) >= 1e6 ? ({ notation: 'compact', maximumSignificantDigits: 3 } as const) : { minimumFractionDigits: digits, maximumFractionDigits: digits };
  if (currency !== null && /^[A-Z]{3}$/.test(currency)) return new Intl.NumberFormat(undefined, { style: 'currency', currency, ...short }).format(amount);
  return `${new Intl.NumberFormat(undefined, short).format(amount)}${currency === null ? '' : ` ${currency}`}`;
}

/** A date that is one everywhere, as those of statistics are: no time zone moves it to the day before. */
export const formatDate = (date: string): string => dayAndMonth.format(new Date(date));

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

export function formatAgo(iso: string, now = Date.now()): string {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  if (Math.abs(seconds) > 14 * 86_400) return formatDay(iso);
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return relative.format(Math.round(seconds / length), unit);
  }
  return 'just now';
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${whole.format(bytes / 1e3)} kB` : `${oneDecimal.format(bytes / 1e6)} MB`;
}

export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 3600 ? `${Math.round(seconds / 60)} min` : `${oneDecimal.format(seconds / 3600)} h`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** How sure a confidence of 0 to 100 is, in words. */
export function certaintyOf(confidence: number): string {
  if (confidence >= 85) return 'very sure';
  if (confidence >= 60) return 'fairly sure';
  if (confidence >= 30) return 'not very sure';
  return 'on the border';
}

/** How likely a customer belongs where it was placed, in words; by the confidence where no probability is known. */
export function likelihoodOf({ probability, confidence }: { probability: number | null; confidence: number | null }): string {
  if (probability === null) return confidence === null ? 'in no segment' : certaintyOf(confidence);
  if (probability >= 0.95) return 'very likely here';
  if (probability >= 0.8) return 'likely here';
  return probability >= 0.6 ? 'more likely here than elsewhere' : 'almost as likely elsewhere';
}
