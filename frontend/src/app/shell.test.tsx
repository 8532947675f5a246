import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { show, signIn } from '@/testing/bench';
import Shell from './shell';

function marked(at: string): (string | null)[] {
  signIn();
  show([{ element: <Shell />, children: [{ path: '*', element: <p>the page</p> }] }], at);
  return screen
    .getAllByRole('link')
    .filter((link) => link.getAttribute('href') !== '/start' && link.getAttribute('aria-current') === 'page')
    .map(({ textContent }) => textContent);
}

describe('the navigation', () => {
  // Once in the rail and once in the phone's bar.
  it.each(['/segmentations', '/segmentations/3/versions', '/runs/8', '/compare?a=8&b=9', '/models/2'])('marks the segmentations at %s', (at) => {
    expect(marked(at)).toEqual(['Segmentations', 'Segmentations']);
  });

  it('marks nothing where an address only begins alike', () => {
    expect(marked('/runs-of-others')).toEqual([]);
  });
});
