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
  it.each(['/datasets', '/datasets/3', '/runs/8', '/compare?a=8&b=9'])('marks the tables at %s', (at) => {
    expect(marked(at)).toEqual(['Datasets', 'Datasets']);
  });

  it('marks nothing where an address only begins alike', () => {
    expect(marked('/runs-of-others')).toEqual([]);
  });
});
