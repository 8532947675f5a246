import type { CsvTable } from '@/lib/csv';
import type { Analysis } from '../api/analyse';

/** The customers as they were posted, each with its segment and how sure that is; those in none come last. */
export function segmentedCustomers({ clusters, unassigned }: Pick<Analysis, 'clusters' | 'unassigned'>): CsvTable {
  const names = [...new Set([...clusters.flatMap(({ customers }) => customers), ...unassigned].flatMap((record) => Object.keys(record)))];
  const row = (record: Record<string, unknown>, segment: string, confidence: number | null) => [...names.map((name) => valueOf(record[name])), segment, confidence];
  return {
    columns: [...names, ...addedTo(names)],
    rows: [
      ...clusters.flatMap(({ clusterName, customers, confidence }) => customers.map((record, index) => row(record, clusterName, confidence?.[index] ?? null))),
      ...unassigned.map((record) => row(record, 'No segment', null)),
    ],
  };
}

/** Names for our columns that the customers' do not have yet. */
function addedTo(names: readonly string[]): string[] {
  let added = ['segment', 'confidence'];
  while (added.some((name) => names.includes(name))) added = added.map((name) => `predicted_${name}`);
  return added;
}

function valueOf(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
}
