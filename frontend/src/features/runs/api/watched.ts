import { useEffect, useSyncExternalStore } from 'react';
import { drafts } from '@/lib/session';

/** Work whose progress was shown in this tab; its end is announced on any page. */

const NAME = 'watched-jobs';
const listeners = new Set<() => void>();
const onPage = new Set<number>();
let watched: readonly number[] = Array.isArray(drafts.load(NAME)?.ids) ? (drafts.load(NAME)?.ids as number[]) : [];

function change(next: readonly number[]): void {
  watched = next;
  drafts.save(NAME, { ids: next });
  listeners.forEach((listener) => listener());
}

export const forgetJob = (id: number): void => change(watched.filter((each) => each !== id));

/** Whether a page shows it right now, and so says itself what became of it. */
export const isOnPage = (id: number): boolean => onPage.has(id);

export function useWatch(id: number, isUnfinished: boolean): void {
  useEffect(() => {
    onPage.add(id);
    return () => {
      onPage.delete(id);
    };
  }, [id]);
  useEffect(() => {
    if (isUnfinished && !watched.includes(id)) change([...watched, id]);
  }, [id, isUnfinished]);
}

export const useWatched = (): readonly number[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => watched,
  );
