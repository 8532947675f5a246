/** Names of files to take away, which say what is in them. */

const slugOf = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .replace(/\.[a-z0-9]{1,5}$/i, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');

/** A file's name that says what is in it: `telco-churn-4-segments-2026-11-28.xlsx`. */
export function fileNameOf(parts: readonly string[], ending: string, now = new Date()): string {
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
  return `${[...parts.map(slugOf).filter((part) => part !== ''), day].join('-')}.${ending}`;
}

/** What the page is about, for the name of a file that is taken from it. */
export const pageName = (): string => document.title.split(' · ', 1)[0] ?? '';
