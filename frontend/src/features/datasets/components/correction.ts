import { toast } from '@/components/toast';
import { messageOf } from '@/lib/http';
import { useCorrectDataset, type Dataset, type Overrides } from '../api/datasets';

const BY_COLUMN = ['kinds', 'decimals', 'date_orders', 'newest_years', 'suffixes', 'marks', 'forms'] as const;
type ByColumn = (typeof BY_COLUMN)[number];
const isByColumn = (name: string): name is ByColumn => (BY_COLUMN as readonly string[]).includes(name);

/**
 * The overrides that take a change back. What was said of single columns is sent again whole, as
 * another header or separator makes the server forget it.
 */
export function undoOf(before: Readonly<Record<string, unknown>>, change: Overrides): Overrides {
  const undo: Record<string, unknown> = {};
  for (const name of Object.keys(change)) if (!isByColumn(name)) undo[name] = before[name] ?? null;
  for (const name of BY_COLUMN) {
    const changed = Object.fromEntries(Object.keys(change[name] ?? {}).map((column) => [column, null] as const));
    const laid: Record<string, unknown> = { ...changed, ...(before[name] as object | undefined) };
    if (Object.keys(laid).length > 0) undo[name] = laid;
  }
  return undo;
}

const failed = (error: unknown): void => toast(messageOf(error), { tone: 'danger' });

/** Reads the table in another way, and offers the way before. */
export function useCorrection(dataset: Dataset) {
  const correct = useCorrectDataset(dataset.id);
  const take = (change: Overrides, said = 'The table was read again'): void => {
    const undo = undoOf(dataset.overrides, change);
    correct.mutate(change, {
      onSuccess: () => toast(said, { about: `dataset/${dataset.id}`, undo: () => correct.mutate(undo, { onError: failed }) }),
      onError: failed,
    });
  };
  return { take, isPending: correct.isPending };
}
