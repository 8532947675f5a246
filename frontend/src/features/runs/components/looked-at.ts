import { useEffect, useMemo, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { Marks } from '@/components/movement';
import { wholeNumber } from '@/lib/address';
import { useCut, type Cut, type Dendrogram, type Run } from '../api/runs';
import { cutsOf, marksOfCuts, type TreeCut } from './tree';

/** How long the slider has to rest before the server is asked. */
const PAUSE = 150;
const OWN: Marks = (segment) => segment;

/** The cut of a run's tree that is looked at: the one that is stored, or a preview of another. */
export interface LookedAt {
  /** Where the slider stands, and where it can stand. */
  count: number;
  counts: readonly number[];
  isOther: boolean;
  move: (count: number) => void;
  /** How many segments the server was asked for: where the slider last rested. */
  asked: number;
  /** The tree at the slider; what is measured of it is known at once. */
  drawn: TreeCut | undefined;
  silhouette: number | null;
  degenerate: boolean;
  /** The segments to show with the number that was asked for; null for the stored ones. */
  preview: { asked: number; cut: Cut } | null;
  /** What is shown is still that of the cut before. */
  isStale: boolean;
  problem: Error | null;
  retry: () => void;
  marksAt: (count: number) => Marks;
}

/** The address names the cut, so that a link, a reload and a sign-in lead back to it. */
export function useLookedAt(run: Run, tree: Dendrogram | undefined): LookedAt {
  const stored = run.n_clusters;
  const [address, setAddress] = useSearchParams();
  const [moved, setMoved] = useState<number | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const cuts = useMemo(() => (tree === undefined ? new Map<number, TreeCut>() : cutsOf(tree)), [tree]);
  const marksAt = useMemo(() => (tree === undefined ? () => OWN : marksOfCuts(tree, cuts)), [tree, cuts]);
  const counts = tree === undefined ? [stored] : [...cuts.keys()];
  const named = wholeNumber(address.get('cut'), 2, 15);
  const asked = named !== undefined && cuts.has(named) ? named : stored;
  const count = moved ?? asked;
  const found = useCut(run, asked);
  const preview = found.data ?? null;
  const measured = tree?.cuts.find(({ n_clusters }) => n_clusters === count);
  const move = (next: number): void => {
    setMoved(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(
      () =>
        setAddress(
          (previous) => {
            const changed = new URLSearchParams(previous);
            if (next === stored) changed.delete('cut');
            else changed.set('cut', String(next));
            return changed;
          },
          { replace: true, preventScrollReset: true },
        ),
      PAUSE,
    );
  };
  return {
    count,
    counts,
    isOther: count !== stored,
    move,
    asked,
    drawn: cuts.get(count),
    silhouette: count === stored ? run.silhouette_score : (measured?.silhouette_score ?? null),
    degenerate: count === stored ? run.degenerate : (measured?.degenerate ?? false),
    preview,
    isStale: count !== (preview?.asked ?? stored),
    problem: found.error,
    retry: () => void found.refetch(),
    marksAt,
  };
}
