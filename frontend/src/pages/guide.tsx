import { useParams } from 'react-router';
import { LinkButton, TextLink } from '@/components/button';
import { TextField } from '@/components/field';
import { Page } from '@/components/layout';
import { Empty } from '@/components/states';
import { addressOf, CHAPTERS, ChapterText, PARTS, searchGuide, type Chapter } from '@/features/guide';
import { useHashTarget, usePagedAddress, useTypedAddress } from '@/lib/address';

/** What every word, page and figure means; to read from front to back, or to search. */
export default function GuidePage() {
  const { chapter: slug } = useParams();
  const chapter = CHAPTERS.find((each) => each.slug === slug);
  const paged = usePagedAddress();
  const [typed, type] = useTypedAddress(paged, 'q');
  const isSearching = typed.trim() !== '';
  const title = isSearching || slug === undefined ? 'Guide' : (chapter?.title ?? 'Chapter not found');
  return (
    <Page title={title} lead={slug === undefined && !isSearching ? 'From a file to a decision: how to do it, what every word means, and when not to believe the answers.' : undefined} narrow={slug === undefined} hasLink={chapter !== undefined}>
      <search>
        <TextField label="Search the guide" type="search" fieldClass="max-w-md" placeholder="A word, such as lift or drift" value={typed} onChange={(event) => type(event.target.value)} />
      </search>
      {isSearching ? <Found query={typed} /> : slug === undefined ? <Contents /> : chapter === undefined ? <NotThere /> : <Reading chapter={chapter} />}
    </Page>
  );
}

function Contents() {
  return PARTS.map(({ title, chapters }, index) => (
    <section key={title} aria-labelledby={`part-${index}`} className="flex flex-col gap-2">
      <h2 id={`part-${index}`}>{title}</h2>
      <ol className="flex flex-col divide-y divide-line rounded-card border border-line bg-surface">
        {chapters.map((chapter) => (
          <li key={chapter.slug}>
            <TextLink to={addressOf(chapter)} className="flex min-h-11 items-center px-4 text-small">
              {chapter.title}
            </TextLink>
          </li>
        ))}
      </ol>
    </section>
  ));
}

function Found({ query }: { query: string }) {
  const hits = searchGuide(query);
  return (
    <section aria-labelledby="found" className="flex flex-col gap-3">
      <h2 id="found" aria-live="polite">
        {hits.length === 0 ? 'Nothing found' : `Found in ${hits.length} ${hits.length === 1 ? 'place' : 'places'}`}
      </h2>
      {hits.length === 0 ? <p className="text-small text-soft">No chapter has all of these words. Try one word alone, or a part of it.</p> : null}
      <ul className="flex flex-col divide-y divide-line">
        {hits.map(({ chapter, section, excerpt }) => (
          <li key={addressOf(chapter, section)} className="flex flex-col gap-0.5 py-3">
            <TextLink to={addressOf(chapter, section)} className="font-strong max-md:flex max-md:min-h-11 max-md:items-center">
              {section.title === '' ? chapter.title : section.title}
            </TextLink>
            {section.title === '' ? null : <span className="text-small text-soft">{chapter.title}</span>}
            <p className="text-small [overflow-wrap:anywhere]">{excerpt}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Reading({ chapter }: { chapter: Chapter }) {
  const target = useHashTarget();
  const at = CHAPTERS.indexOf(chapter);
  const [before, after] = [CHAPTERS[at - 1], CHAPTERS[at + 1]];
  return (
    <div className="grid grid-cols-1 gap-8 lg:grid-cols-[1fr_16rem]">
      <article className="min-w-0 max-w-3xl">
        <ChapterText chapter={chapter} marked={target} />
        <nav aria-label="Chapters before and after" className="mt-8 flex flex-wrap justify-between gap-2 border-t border-line pt-4 text-small">
          {before ? (
            <TextLink to={addressOf(before)} className="flex min-h-11 items-center">
              ← {before.title}
            </TextLink>
          ) : null}
          {after ? (
            <TextLink to={addressOf(after)} className="ml-auto flex min-h-11 items-center">
              {after.title} →
            </TextLink>
          ) : null}
        </nav>
      </article>
      <nav aria-label="Guide" className="flex flex-col gap-4 text-small lg:sticky lg:top-8 lg:self-start">
        {PARTS.map(({ title, chapters }) => (
          <div key={title}>
            <p className="font-strong">{title}</p>
            <ol>
              {chapters.map((each) => (
                <li key={each.slug}>
                  <TextLink to={addressOf(each)} aria-current={each === chapter ? 'page' : undefined} className="flex min-h-11 items-center aria-[current]:text-ink! aria-[current]:no-underline lg:min-h-8">
                    {each.title}
                  </TextLink>
                </li>
              ))}
            </ol>
          </div>
        ))}
      </nav>
    </div>
  );
}

function NotThere() {
  return (
    <Empty icon="search" title="The guide has no such chapter" action={<LinkButton to="/guide">All chapters</LinkButton>}>
      Search it above, or see all chapters.
    </Empty>
  );
}
