import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { LongName } from './long-name';

describe('a long name', () => {
  it('stays the same text, with places to break after its marks', () => {
    const { container } = render(<LongName>all_customers-2026.csv</LongName>);
    expect(screen.getByText((_, element) => element?.textContent === 'all_customers-2026.csv' && element.tagName === 'SPAN')).toBeVisible();
    expect(container.innerHTML).toContain('all_<wbr>customers-<wbr>2026.<wbr>csv');
  });
});
