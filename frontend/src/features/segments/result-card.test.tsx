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
    expect(screen.getByText('0% · far from all segments')).toBeVisible();
    expect(screen.getByText('Unusual customer')).toBeVisible();
    expect(document.body).not.toHaveTextContent(/between two|on the border/);
  });

  it('is on the border between two segments without being unusual', () => {
    render(<ResultCard prediction={{ ...far, outlier: false }} clusters={clusters} />);
    expect(screen.getByText('0% · on the border')).toBeVisible();
    expect(screen.getByText(/Almost between two segments/)).toBeVisible();
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
