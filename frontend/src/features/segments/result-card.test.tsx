import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { clusters } from '@/testing/samples';
import type { Prediction } from './api/predict';
import { ResultCard } from './components/result-card';
import { placeOnMap } from './components/map-edge';

const far: Prediction = {
  cluster: 0, cluster_name: 'Loyal Customers', confidence: 0, probability: 0.5, distances: [2000, 2001], outlier: true, model_version: 1,
  customer_data: { sex: 'Female', age: 34, annual_income: 65_500, spending_score: 72, purchase_frequency: 18 },
};

describe('the answer', () => {
  it('is far from all segments for an outlier, and never between two', () => {
    render(<ResultCard prediction={far} clusters={clusters} />);
    expect(screen.getByText('far from all segments')).toBeVisible();
    expect(screen.getByText(/^0% confidence/)).toBeVisible();
    expect(screen.getByText('Unusual customer')).toBeVisible();
    expect(document.body).not.toHaveTextContent(/between two|on the border/);
  });

  it.each([
    [0.97, 'very likely here'],
    [0.8, 'likely here'],
    [0.6, 'more likely here than elsewhere'],
    [0.5, 'almost as likely elsewhere'],
    [null, 'on the border'],
  ])('says how likely a probability of %s is, with the confidence beside it', (probability, words) => {
    render(<ResultCard prediction={{ ...far, outlier: false, probability }} clusters={clusters} />);
    expect(screen.getByText(words)).toBeVisible();
    expect(screen.getByText(/near the border of this segment/)).toBeVisible();
    expect(screen.getByText(/^0% confidence/)).toBeVisible();
  });
});

describe('the map', () => {
  const incomes = [20, 120, 60];
  const scores = [1, 100, 50];

  it('shows a customer among the others where it stands, and one a little past them too', () => {
    expect(placeOnMap([60, 72], incomes, scores)).toEqual({ at: [60, 72], isBeyond: false });
    expect(placeOnMap([125, 72], incomes, scores)).toEqual({ at: [125, 72], isBeyond: false });
  });

  it('keeps its scale where one is far beyond, and marks that one at its edge', () => {
    expect(placeOnMap([65_500, 72], incomes, scores)).toEqual({ at: [120, 72], isBeyond: true });
    expect(placeOnMap([-65_500, 72], incomes, scores)).toEqual({ at: [20, 72], isBeyond: true });
  });
});
