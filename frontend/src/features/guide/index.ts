export { addressOf, CHAPTERS, PARTS, type Chapter } from './chapters';
export { ChapterText } from './components/chapter-text';
export { searchGuide } from './search';
