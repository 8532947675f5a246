/** What was opened last on this device; another account does not see it, and signing out forgets it. */

import { useEffect, useSyncExternalStore } from 'react';
import { session } from '@/lib/session';

export interface Recent {
  kind: 'segmentation' | 'table' | 'orders' | 'customer';
  to: string;
  title: string;
}

const KEY = 'segmentation.recent';
const MOST = 8;
const NONE: readonly Recent[] = [];
const listeners = new Set<() => void>();

interface Kept {
  owner: number;
  things: readonly Recent[];
}

function read(): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? 'null') as Kept | null;
  } catch {
    return null;
  }
}

let kept = read();

function keep(next: Kept | null): void {
  kept = next;
  try {
    if (next === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // Without storage it lasts as long as the page.
  }
  listeners.forEach((listener) => listener());
}

const own = (): readonly Recent[] => (kept !== null && kept.owner === session.get().account?.id ? kept.things : NONE);

session.subscribe(() => {
  const { account, ended } = session.get();
  if (kept !== null && (ended === 'left' || (account !== null && account.id !== kept.owner))) keep(null);
});

export function useRecent(): readonly Recent[] {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, own);
}

/** Nothing leads to what is gone, nor to what was within it. */
export function forgetRecent(address: string): void {
  const left = own().filter(({ to }) => to !== address && !to.startsWith(`${address}/`));
  if (kept !== null && left.length < own().length) keep({ ...kept, things: left });
}

/** Notes that something is open, once its name is known; null is that of something gone. */
export function useNoteRecent(kind: Recent['kind'], to: string, title: string | null | undefined): void {
  useEffect(() => {
    const owner = session.get().account?.id;
    if (title === null) forgetRecent(to);
    if (owner === undefined || title == null) return;
    keep({ owner, things: [{ kind, to, title }, ...own().filter((each) => each.to !== to)].slice(0, MOST) });
  }, [kind, to, title]);
}
