import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { CHAPTERS, PARTS, searchGuide } from '@/features/guide';
import { MEANINGS } from '@/lib/meanings';
import { show } from '@/testing/bench';
import GuidePage from './guide';

const open = (at = '/guide') => show([{ path: '/guide/:chapter?', element: <GuidePage /> }], at);

describe('the guide', () => {
  it('has every word that has a definition, and its search finds each first by its name', () => {
    for (const { word, text } of Object.values(MEANINGS)) {
      const hits = searchGuide(word);
      expect(hits.slice(0, 3).some(({ chapter, section }) => chapter.slug === 'words' && section.title === word), word).toBe(true);
      expect(hits[0]?.excerpt, text).not.toBe('');
    }
  });

  it('leads only to chapters and places that it has', () => {
    const links = CHAPTERS.flatMap((chapter) => chapter.sections.flatMap(({ html }) => [...html.matchAll(/<a href="([^"]*)"/g)].map(([, href = '']) => ({ chapter, href }))));
    expect(links.length).toBeGreaterThan(10);
    for (const { chapter, href } of links.filter((link) => !link.href.startsWith('http'))) {
      const [path = '', place] = href.split('#');
      const target = path === '' ? chapter : CHAPTERS.find(({ slug }) => path.endsWith(`/guide/${slug}`));
      expect(target, `${chapter.slug}: ${href}`).toBeDefined();
      if (place) expect(target?.sections.map(({ id }) => id), href).toContain(place);
    }
  });

  it('lists its chapters in parts that have names', () => {
    open();
    for (const { title, chapters } of PARTS) expect(within(screen.getByRole('region', { name: title })).getAllByRole('link')).toHaveLength(chapters.length);
  });

  it('is searched, and leads to what was found', async () => {
    const router = open();
    await userEvent.type(screen.getByRole('searchbox', { name: 'Search the guide' }), 'control group');
    expect(screen.getByRole('heading', { name: /^Found in \d+ places$/ })).toBeVisible();
    await userEvent.click(screen.getByRole('link', { name: 'Before you spend money on a segment' }));
    expect(router.state.location).toMatchObject({ pathname: '/guide/how-to-read', hash: '#before-you-spend-money-on-a-segment' });
    expect(screen.getByRole('heading', { level: 1, name: 'How to read the answers, and when not to believe them' })).toBeVisible();
  });

  it('says where nothing is found, and where there is no such chapter', () => {
    open('/guide?q=zeppelin');
    expect(screen.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
  });

  it('offers all chapters in place of one that it does not have', () => {
    open('/guide/zeppelin');
    expect(screen.getByText('The guide has no such chapter')).toBeVisible();
    expect(screen.getByRole('link', { name: 'All chapters' })).toHaveAttribute('href', '/guide');
  });

  it('follows links between its chapters without leaving the app', async () => {
    const router = open('/guide/bring-a-file');
    await userEvent.click(within(screen.getByRole('article')).getByRole('link', { name: 'customers from orders' }));
    expect(router.state.location.pathname).toBe('/guide/from-orders');
    await userEvent.click(within(screen.getByRole('navigation', { name: 'Chapters before and after' })).getByRole('link', { name: /^← / }));
    expect(router.state.location.pathname).toBe('/guide/versions-and-drift');
  });
});
