/** Answers of the server's, as its schema has them, for pages to show. */

import type { components } from '@/api/schema';

type Schemas = components['schemas'];
const WHEN = '2026-01-01T00:00:00Z';

export const profile: Schemas['ProfileOut'] = {
  id: 3, user_id: 1, name: 'Corner shop', sex: 'Male', age: 40, annual_income: null, spending_score: 5, purchase_frequency: 1, notes: null, created_at: WHEN, updated_at: WHEN,
};

export const historyRow: Schemas['HistoryRow'] = {
  id: 7, customer_data: { sex: 'Female', age: 34 }, cluster: 0, cluster_name: 'Loyal Customers', confidence: 73, created_at: WHEN, model_version: 1,
};

const segment: Schemas['ClusterSummary'] = {
  cluster_id: 0, cluster_name: 'Loyal Customers', size: 400, share: 1, avg_age: 40, avg_income: 60, avg_spending_score: 50, avg_purchase_frequency: 12,
};

export const clusters: Schemas['Clusters'] = { total_customers: 400, n_clusters: 1, model_version: 1, clusters: [segment] };

export const elbow: Schemas['Elbow'] = { optimal_k: 2, k_range: [2, 3], inertias: [9, 5], silhouette_scores: [0.5, 0.4] };

export const points: Schemas['Points'] = {
  version: 1, n_customers: 1, age: [34], annual_income: [65], spending_score: [72], purchase_frequency: [18], cluster: [0],
};

export const model: Schemas['ModelDetail'] = {
  version: 1, is_active: true, requested_clusters: null, n_clusters: 2, silhouette_score: 0.5, inertia: 9, n_customers: 400, trained_by: 'maria', created_at: WHEN, activated_at: WHEN, checksum: 'abc', segments: [segment], sweep: elbow, imputed: {}, warnings: [], degenerate: false, silhouette_sample_size: 400, matches: [], validation: null,
};

export const drift: Schemas['DriftOut'] = {
  version: 1, n_predictions: 0, since: WHEN, verdict: 'too few predictions', alarm: false, sentence: 'Only 0 predictions.', features: [], categories: [], segments: [], segments_population_stability_index: null, segments_index_by_chance: null, segments_p_value: null,
};

export const dataset: Schemas['DatasetOut'] = {
  id: 1, user_id: 1, filename: 'shop.csv', n_rows: 60, n_columns: 1, size_bytes: 2000, source: null, kept_until: null, created_at: WHEN, updated_at: WHEN, overrides: {}, one_row_is: 'customer', one_row_is_because: 'no customer stands in more than one row', way_on: null, warnings: [], preview: [{ age: 34 }],
  columns: [{ name: 'age', kind: 'numeric', distinct: 40, examples: ['34'], missing: 0, decimal: null, thousands: '', unit: '', date_order: null, days_since: null, warnings: [], marks: [], decimal_inferred: false, suffixes: {}, scale: [], form: null, spellings: {}, newest_year: null, date_marks: [], meaning: null }],
  dialect: { decimal: '.', delimiter: ',', encoding: 'utf-8', format: 'csv', has_header: true, quotechar: '"', sheet: null, sheets: [], header_row: 1, set_aside: [], thousands: '' },
};

export const run: Schemas['RunOut'] = {
  run_id: 8, dataset_id: 1, dataset: 'shop.csv', segmentation_id: 3, version: 1, created_by: 'maria', visibility: 'private', algorithm: 'kmeans', linkage: null, method: null, n_clusters: 2, n_clusters_requested: 2, silhouette_score: 0.55, silhouette_sample_size: 60, inertia: 9, cluster_sizes: [40, 20], cluster_names: ['Older', 'Younger'], n_noise: 0, n_samples: 60, n_encoded_features: 1, n_features: 1, use_pca: false, explained_variance: [], transform: 'none', columns: ['age'], left_out: {}, degenerate: false, warnings: [], cautions: [], details: {}, sweep: null, validation: null, created_at: WHEN, data_changed: false,
  recipe: { name: 'contract', sentence: 'Named options follow the contract.', values: { algorithm: 'kmeans' } }, reason: 'K-means with 2 segments: the algorithm was requested.', structure: null, placement: null, accuracy: null, feature_importance: null,
};

export const segments: Schemas['Segments'] = {
  run_id: 8, dataset_id: 1, n_clusters: 2, silhouette_score: 0.55, customer_id_column: null, total: 60, assignments: [{ row: 1, customer_id: 'C001', cluster: 0, cluster_name: 'Older' }],
  profiles: [{ cluster: 0, cluster_name: 'Older', automatic_name: 'Older', size: 40, share: 0.67, silhouette: 0.5, means: { age: 60 }, categories: {}, differences: [{ column: 'age', level: null, value: 60, rest: 30, effect: 2 }], characteristics: ['Older (mean age 60 vs 30)'] }],
};

export const projection: Schemas['ProjectionOut'] = { run_id: 8, explained_variance: [0.8, 0.2], n_samples: 60, n_shown: 1, points: [{ row: 1, customer_id: 'C001', x: 0, y: 0, cluster: 0 }] };

/** Four leaves that can be cut into two, three or four; at three the older are divided. */
const measured = { silhouette_score: 0.5, degenerate: false };
export const dendrogram: Schemas['Dendrogram'] = {
  run_id: 8, linkage: 'ward', method: 'exact', n_clusters: 2, cut_height: 3,
  branches: [
    { x_left: 0, x_right: 1, y_left: 0, y_right: 0, height: 2, cluster: 0 },
    { x_left: 2, x_right: 3, y_left: 0, y_right: 0, height: 1, cluster: 1 },
    { x_left: 0.5, x_right: 2.5, y_left: 2, y_right: 1, height: 4, cluster: -1 },
  ],
  leaves: [{ x: 0, n_rows: 25, cluster: 0 }, { x: 1, n_rows: 15, cluster: 0 }, { x: 2, n_rows: 12, cluster: 1 }, { x: 3, n_rows: 8, cluster: 1 }],
  segments: [],
  cuts: [
    { ...measured, n_clusters: 2, cut_height: 3, leaf_clusters: [0, 0, 1, 1] },
    { ...measured, n_clusters: 3, cut_height: 1.5, leaf_clusters: [0, 2, 1, 1] },
    { ...measured, n_clusters: 4, cut_height: 0.5, leaf_clusters: [0, 1, 2, 3] },
  ],
};

/** What the server tells of these cuts. */
export function cutOf(n_clusters: number): Schemas['CutOut'] {
  const names = ['Oldest', 'Youngest', 'Middle-aged', 'Young'].slice(0, n_clusters);
  const profiles = names.map((cluster_name, cluster) => ({ cluster, cluster_name, automatic_name: cluster_name, size: 15, share: 0.25, silhouette: 0.4, means: { age: 70 }, categories: {}, differences: [], characteristics: [] }));
  return { run_id: 8, n_clusters, silhouette_score: 0.5, cluster_sizes: profiles.map(({ size }) => size), cluster_names: names, headline: 'All segments come back.', segment_stability: null, degenerate: false, height: 1.5, profiles };
}

export const runComparison: Schemas['RunComparison'] = {
  run_id: 9, against: 8, dataset_id: 1, n_customers: 60, n_moved: 5, share_moved: 5 / 60, rows: ['Older', 'Younger'], columns: ['Younger', 'Older'], matrix: [[5, 35], [20, 0]], sentence: '5 of 60 customers (8%) are in another segment.', adjusted_rand_index: 0.7, refinement: null,
  segments: [
    { change: 'kept', old_id: 0, old_name: 'Older', new_id: 1, new_name: 'Older', overlap: 0.88 },
    { change: 'kept', old_id: 1, old_name: 'Younger', new_id: 0, new_name: 'Younger', overlap: 0.8 },
  ],
};

const stable = { cluster: 0, jaccard: 0.97, recovered: 1, dissolved: 0, band: 'highly stable', sentence: 'This segment comes back almost unchanged.' } as const;

export const validation: Schemas['ValidationOut'] = {
  headline: 'These customers form distinct groups.',
  structure: { verdict: 'strong', p_value: 0.004, separation: 0.6, sentence: 'These customers form distinct groups on these columns.', n_samples: 400, sampled: false, borderline: false, notes: [] },
  stability: { weakest: 0.97, n_resamples: 25, sample_size: 400, segments: [stable] },
  certainty: null,
  rules: [],
  notes: [],
};

export const treeRun: Schemas['RunOut'] = { ...run, algorithm: 'hierarchical', linkage: 'ward', method: 'exact', validation };

export const analysis: Schemas['AnalysisResult'] = {
  nCustomers: 60, nClusters: 1, algorithm: 'kmeans', silhouette: 0.9, silhouetteSampleSize: 60, accuracy: 1, accuracyByChance: 0.33, featureImportance: { age: 0.56, income: 0.44 }, structure: null, selection: null, recipe: { name: 'auto', sentence: 'Columns, algorithm and number of segments were chosen automatically.', values: { algorithm: 'auto' } }, unassigned: [], warnings: ['2 rows are alike'], cautions: [{ code: 'note', message: '2 rows are alike' }], columns: { used: ['age', 'income'], leftOut: { id: 'an identifier' }, valuesFilled: 0, principalComponents: null },
  clusters: [{ clusterId: 0, clusterName: 'High Income', size: 20, share: 1 / 3, customers: [], confidence: [], probability: null, centroid: { income: 91_325 }, categories: {}, characteristics: ['Higher income bracket (91,325 against 46,325)'], middle: null, evidence: [], silhouette: 0.89 }],
  validation: {
    headline: 'These customers form distinct groups.',
    structure: { verdict: 'strong', pValue: 0.004, separation: 0.6, sentence: 'These customers form distinct groups on these columns.', nSamples: 60, sampled: false, borderline: false, notes: [] },
    stability: { weakest: 0.97, nResamples: 25, sampleSize: 60, segments: [stable] },
    certainty: null,
    rules: [{ cluster: 0, text: 'income above 70,000', sql: '"income" > 70000', precision: 0.98, recall: 0.95, size: 20 }],
    notes: [],
  },
};

export const recommendations: Schemas['Recommendations'] = { recommendations: ['Present the upper price range to "High Income".'], details: [] };

export const account: Schemas['UserProfile'] = { id: 1, username: 'maria', email: 'maria@example.com', full_name: null, role: 'user', total_predictions: 1234, total_saved_profiles: 2 };

export const user: Schemas['UserWithCounts'] = {
  id: 2, username: 'paul', email: 'paul@example.com', full_name: null, role: 'user', is_active: true, must_change_password: false, total_predictions: 0, total_profiles: 0, last_sign_in_at: null, created_at: WHEN, updated_at: WHEN,
};

export const statistics: Schemas['Statistics'] = {
  total_users: 1, active_users: 1, inactive_users: 0, total_predictions: 5, total_profiles: 0, users_by_role: { user: 1, analyst: 0, admin: 0 }, predictions_per_day: [{ date: '2026-01-01', predictions: 5 }], segments: [{ cluster_name: 'Loyal Customers', predictions: 5, share: 1 }],
};

export const example: Schemas['Example'] = { n_customers: 1, annual_income: [65], spending_score: [72], cluster: [0], segments: [{ cluster_id: 0, cluster_name: 'Loyal Customers', share: 1 }] };

export const training: Schemas['JobOut'] = {
  id: 5, kind: 'model', state: 'running', phase: 'reading the customers', percent: 2, seconds_left: null, result: null, location: null, error: null, created_at: WHEN, started_at: WHEN, finished_at: null,
};

const ledger: Schemas['LedgerOut'] = {
  entries: [
    { state: 'order', counted: true, meaning: 'Counted as orders', lines: 90, value: 900.5 },
    { state: 'no_customer', counted: false, meaning: 'No customer is named; they are not pooled as one', lines: 10, value: 50 },
  ],
  lines: 100, value: 950.5, duplicates: 0, customers: 30, orders: 60, first_day: '2025-01-01', last_day: '2026-06-30', currencies: [],
};

export const snapshot: Schemas['SnapshotOut'] = {
  id: 4, orders_id: 2, dataset_id: 1, as_of: '2026-06-30', window_days: null, returns: 'net', currency: null, n_customers: 30, out_of_date: false, ledger, created_at: WHEN,
};

export const orders: Schemas['OrdersOut'] = {
  id: 2, user_id: 1, filename: 'orders.csv', n_lines: 100, created_at: WHEN, updated_at: WHEN,
  columns: ['customer', 'day', 'paid'], preview: [{ customer: 'C001', day: '2026-01-31', paid: 25.5 }],
  roles: [
    { role: 'customer', column: 'customer', confidence: 'high', reason: "'customer' is named like it, and its values agree." },
    { role: 'date', column: 'day', confidence: 'high', reason: "'day' is named like it, and its values agree." },
    { role: 'amount', column: 'paid', confidence: 'low', reason: 'It is the only column with money.' },
  ],
  settings: { returns: 'net', time_zone: null, currency: null, date_order: null },
  ledger, problems: [], notes: [], files: [{ id: 1, filename: 'orders.csv', size_bytes: 2000, n_lines: 100, created_at: WHEN }], snapshots: [],
};

export const rfm: Schemas['RFMOut'] = {
  snapshot_id: 4, as_of: '2026-06-30', currency: null, n_customers: 30, cut_points_of: 4, cube: [],
  cut_points: [
    { figure: 'recency', unit: 'days', edges: [10, 40, 90, 200], highest_scores: 'smallest', empty_scores: [] },
    { figure: 'frequency', unit: 'orders', edges: [1, 1, 2, 4], highest_scores: 'largest', empty_scores: [2] },
  ],
  segments: [
    { name: 'Champions', customers: 20, share: 0.67, orders: 50, money: 800 },
    { name: 'Hibernating', customers: 10, share: 0.33, orders: 10, money: 100.5 },
  ],
  grid: [
    { recency: 5, frequency: 5, segment: 'Champions', segments: ['Champions'], customers: 20, orders: 50, money: 800 },
    { recency: 1, frequency: 1, segment: 'Hibernating', segments: ['Hibernating'], customers: 10, orders: 10, money: 100.5 },
  ],
};

export const cohorts: Schemas['CohortsOut'] = {
  by: 'month', measure: 'customers', until: '2026-02-14', cohorts: ['2026-01', '2026-02'], sizes: [40, 31], values: [[40, 12], [31, null]], unfinished: [[false, true], [true, false]],
};

export const migration = {
  from_day: '2026-05-31', to_day: '2026-06-30', sources: ['Champions', 'At risk', 'New customers'], targets: ['Champions', 'At risk', 'No longer there'],
  moves: [
    { source: 'Champions', target: 'Champions', customers: 18, money_before: 700, money_after: 760, members: ['C002'] },
    { source: 'Champions', target: 'At risk', customers: 2, money_before: 90, money_after: 90, members: ['C007', 'C011'] },
    { source: 'New customers', target: 'Champions', customers: 3, money_before: 0, money_after: 40, members: ['C040'] },
  ],
} satisfies Partial<Schemas['MigrationOut']>;

export const version: Schemas['VersionOut'] = {
  version: 1, run_id: 8, is_active: true, n_segments: 2, n_customers: 60, algorithm: 'hierarchical', linkage: 'ward', silhouette_score: 0.55, headline: 'These customers form distinct groups.', trained_by: 'maria', created_at: WHEN, activated_at: WHEN, identified_by: 'customer_id', warnings: [],
  segments: [
    { id: 0, lasting_id: 0, name: 'Older', automatic_name: 'Older', note: null, advice: null, position: null, size: 40, share: 0.67, lived_on_from: null },
    { id: 1, lasting_id: 1, name: 'Younger', automatic_name: 'Younger', note: null, advice: null, position: null, size: 20, share: 0.33, lived_on_from: null },
  ],
};

export const segmentation: Schemas['SegmentationOut'] = {
  id: 3, name: 'Shop customers', description: null, owner: 'maria', visibility: 'private', kind: 'table', dataset_id: 1, dataset_name: 'shop.csv', recipe: null, n_versions: 1, active_version: version, is_owner: true, created_at: WHEN, updated_at: WHEN, last_used_at: WHEN,
};

/** The one that everyone has. */
export const core: Schemas['SegmentationOut'] = {
  ...segmentation, id: 1, name: 'Customers by age, income and spending', owner: null, visibility: 'team', kind: 'core', dataset_id: null, dataset_name: null, is_owner: false, last_used_at: null, active_version: { ...version, run_id: null, algorithm: 'kmeans', linkage: null },
};

export const listed: Schemas['ListedCustomer'] = { row: 17, identifier: 'C017', segment: 1, segment_name: 'Younger', confidence: 81, probability: 0.97, outlier: false, values: { age: 34 } };

const side = (...shares: number[]): Schemas['SideOut'] => ({ counts: shares.map((share) => Math.round(20 * share)), other: 0, missing: 0, shares });

export const segmentView: Schemas['SegmentView'] = {
  version: 1, lasting_id: 1, label: 1, name: 'Younger', automatic_name: 'Younger', note: null, owner_advice: null, size: 20, share: 0.33, headline: null, silhouette: 0.5, stability: stable, characteristics: [], differences: [],
  columns: [
    { name: 'age', kind: 'number', unit: 'years', used: true, edges: [18, 40, 90], levels: null, open_low: false, open_high: false, this: side(1, 0), rest: side(0.1, 0.9), difference: { column: 'age', level: null, value: 25, rest: 61, effect: -2 } },
    { name: 'region', kind: 'category', unit: null, used: false, edges: null, levels: ['North'], open_low: false, open_high: false, this: side(0.8), rest: side(0.3), difference: null },
  ],
  rule: { cluster: 1, text: 'age at most 40', sql: '"age" <= 40', precision: 0.95, recall: 1, size: 21 }, typical: [listed], borderline: [listed], neighbours: [{ lasting_id: 0, name: 'Older', distance: 2, share_of_borderline: 1 }], shares: [{ version: 1, share: 0.33 }],
  advice: [{ segment: 1, segment_name: 'Younger', action: 'Welcome them', reason: 'They are new', text: 'Welcome them by e-mail.' }],
};

export const customerView: Schemas['CustomerView'] = {
  version: 1, identified_by: 'customer_id', customer: listed, same_identifier: 1, compared_with: 0, history: [{ version: 1, segment: 1, segment_name: 'Younger' }],
  probabilities: [{ segment: 1, segment_name: 'Younger', probability: 0.97, distance: 0.6 }, { segment: 0, segment_name: 'Older', probability: 0.03, distance: 2.3 }],
  speaks_for: [{ column: 'age', value: 34, here: 25, there: 61, share: 1 }], smallest_change: { column: 'age', from: 34, to: 48, segment: 0, segment_name: 'Older', size: 0.7, exact: true },
};

export const insights: Schemas['Insights'] = {
  version: 1, recommendations: [{ segment: 0, segment_name: 'Older', action: 'Call them', reason: 'They answer the phone', text: 'Call them: they answer the phone.' }], feature_importance: { age: 1 }, accuracy: 0.97, accuracy_by_chance: 0.5, rules: [],
};

export const fileLimits: Schemas['FileLimits'] = { max_bytes: 50_000_000, max_rows: 50_000, kept_days: 30 };

const ofAge: Schemas['ChartedColumn'] = { name: 'age', kind: 'number', unit: 'years', used: true };
export const chartedColumns: Schemas['ChartedColumn'][] = [ofAge, { name: 'visits', kind: 'number', unit: null, used: false }, { name: 'churned', kind: 'category', unit: null, used: false }];

export const byAge: Schemas['ColumnBySegment'] = {
  ...ofAge, version: 1, edges: [20, 40, 60], levels: null, open_low: false, open_high: true,
  segments: [
    { segment: 0, segment_name: 'Older', size: 40, mean: 60, counts: [4, 36], other: 0, missing: 0, shares: [0.1, 0.9] },
    { segment: 1, segment_name: 'Younger', size: 20, mean: 30, counts: [18, 0], other: 0, missing: 2, shares: [1, 0] },
  ],
};

export const byChurn: Schemas['ColumnBySegment'] = {
  name: 'churned', kind: 'category', unit: null, used: false, version: 1, edges: null, levels: ['no', 'yes'], open_low: false, open_high: false,
  segments: [
    { segment: 0, segment_name: 'Older', size: 40, mean: null, counts: [30, 10], other: 0, missing: 0, shares: [0.75, 0.25] },
    { segment: 1, segment_name: 'Younger', size: 20, mean: null, counts: [5, 15], other: 0, missing: 0, shares: [0.25, 0.75] },
  ],
};

export const ageByVisits: Schemas['CustomerPoints'] = { version: 1, x: ofAge, y: { name: 'visits', kind: 'number', unit: null, used: false }, n_customers: 9000, n_missing: 3, n_shown: 2, identifiers: ['C001', 'C002'], segments: [0, 1], xs: [60, 30], ys: [4, 9] };

export const usefulness: Schemas['UsefulnessOut'] = {
  run_id: 8, column: 'churned', kind: 'category', value: 'yes', n_customers: 60, n_missing: 0, overall: 0.42, measure: 'cramers_v', association: 0.48, association_held_out: 0.45, explained_by_segments: 0.2, explained_by_model: 0.22, p_value: 0.001, sample_size: 60, sentence: 'churned: yes ranges from 25% in Older to 75% in Younger, 42% overall.',
  segments: [
    { cluster: 0, lasting_id: 0, cluster_name: 'Older', size: 40, value: 0.25, low: 0.14, high: 0.4, lift: 0.6, lift_low: 0.34, lift_high: 0.96 },
    { cluster: 1, lasting_id: 1, cluster_name: 'Younger', size: 20, value: 0.75, low: 0.53, high: 0.89, lift: 1.79, lift_low: 1.27, lift_high: 2.12 },
  ],
};
