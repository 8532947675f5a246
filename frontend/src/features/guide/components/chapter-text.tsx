import type { MouseEvent } from 'react';
import { useNavigate } from 'react-router';
import type { Chapter } from '../chapters';

/** A chapter as it was rendered when the app was built; its links stay within the app. */
export function ChapterText({ chapter, marked }: { chapter: Chapter; marked: string }) {
  const navigate = useNavigate();
  const follow = (event: MouseEvent): void => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const base = import.meta.env.BASE_URL;
    if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0 || link.origin !== window.location.origin) return;
    const place = link.getAttribute('href') ?? '';
    if (!place.startsWith(base) && !place.startsWith('#')) return;
    event.preventDefault();
    void navigate(place.startsWith('#') ? place : place.slice(base.length - 1));
  };
  return (
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- it listens to the links within, which are keyed as links are
    <div onClick={follow} className="flex flex-col gap-6">
      {chapter.sections.map((section) => (
        <section key={section.id} id={section.id === '' ? undefined : section.id} aria-labelledby={section.id === '' ? undefined : `${section.id}-title`} className={`scroll-mt-4 ${section.id !== '' && section.id === marked ? '-mx-3 rounded-control bg-accent-soft px-3 py-2' : ''}`}>
          {section.id === '' ? null : <h2 id={`${section.id}-title`}>{section.title}</h2>}
          <div className="prose" dangerouslySetInnerHTML={{ __html: section.html }} />
        </section>
      ))}
    </div>
  );
}
