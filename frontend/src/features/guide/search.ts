import { CHAPTERS, type Chapter, type Section } from './chapters';

export interface Hit {
  chapter: Chapter;
  section: Section;
  /** The text around the first of the words. */
  excerpt: string;
}

const MOST = 30;
const AROUND = 90;

/** Letters as they are compared: `η²` is found by `eta` no more than by itself, but `Café` by `cafe`. */
const folded = (text: string): string => text.normalize('NFD').replace(/\p{Mn}/gu, '').toLowerCase();

/** A section without its marks, to search in; read when the first search is made. */
const texts = new Map<Section, string>();
function textOf(section: Section): string {
  let text = texts.get(section);
  if (text === undefined) {
    text = new DOMParser().parseFromString(section.html.replaceAll('</', ' </'), 'text/html').body.textContent.replace(/\s+/g, ' ').trim();
    texts.set(section, text);
  }
  return text;
}

function excerptOf(text: string, at: number): string {
  const start = text.lastIndexOf(' ', Math.max(0, at - AROUND)) + 1;
  const end = text.indexOf(' ', at + AROUND);
  return `${start > 0 ? '… ' : ''}${text.slice(start, end < 0 ? undefined : end)}${end < 0 ? '' : ' …'}`;
}

/** Sections that hold every word; those that are named like them come first, and the guide before its details. */
export function searchGuide(query: string): Hit[] {
  const words = folded(query).split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return [];
  const found: (Hit & { weight: number })[] = [];
  for (const chapter of CHAPTERS) {
    for (const section of chapter.sections) {
      const title = folded(section.title === '' ? chapter.title : section.title);
      const whole = textOf(section);
      const [text, context] = [folded(whole), folded(chapter.title)];
      if (!words.every((word) => title.includes(word) || text.includes(word) || context.includes(word))) continue;
      const weight = title === words.join(' ') ? 3 : words.every((word) => title.includes(word)) ? 2 : words.every((word) => text.includes(word)) ? 1 : 0;
      const places = words.map((word) => text.indexOf(word)).filter((place) => place >= 0);
      found.push({ chapter, section, excerpt: excerptOf(whole, places.length > 0 ? Math.min(...places) : 0), weight });
    }
  }
  return found.sort((a, b) => b.weight - a.weight).slice(0, MOST);
}
