/** Who is signed in, kept in the browser and shared between its tabs. */

import { useSyncExternalStore } from 'react';
import type { components } from '@/api/schema';

export type Account = components['schemas']['TokenUser'];
export type Role = Account['role'];

export interface Session {
  token: string | null;
  account: Account | null;
  /** Why there is no session any more; decides what the login page says. */
  ended: 'expired' | 'left' | null;
}

const KEY = 'segmentation.session';
const NOBODY: Session = { token: null, account: null, ended: null };
/** From the one that may least. */
export const ROLES: readonly Role[] = ['user', 'analyst', 'admin'];
const listeners = new Set<() => void>();

function read(): Session {
  try {
    const text = localStorage.getItem(KEY);
    return text ? { ...NOBODY, ...(JSON.parse(text) as Partial<Session>) } : NOBODY;
  } catch {
    return NOBODY;
  }
}

let current = read();

/** What someone typed is not for whoever comes next. */
function replace(next: Session): void {
  if (current.account !== null && current.account.id !== next.account?.id) clearDrafts();
  current = next;
}

function change(next: Session): void {
  replace(next);
  try {
    // That someone left matters to the page they left, and not to whoever comes next.
    localStorage.setItem(KEY, JSON.stringify(next.ended === 'left' ? NOBODY : next));
  } catch {
    // Without storage the session lives as long as the page.
  }
  listeners.forEach((listener) => listener());
}

export const session = {
  get: (): Session => current,
  start: (token: string, account: Account): void => change({ token, account, ended: null }),
  update: (account: Account): void => change({ ...current, account }),
  end: (reason: 'expired' | 'left'): void => {
    if (current.token === null && current.ended === reason) return;
    // The name stays after an expiry, so that the login page can offer it.
    change({ token: null, account: reason === 'expired' ? current.account : null, ended: reason });
  },
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

window.addEventListener('storage', (event) => {
  if (event.key !== KEY) return;
  replace(read());
  listeners.forEach((listener) => listener());
});

export function useSession(): Session {
  return useSyncExternalStore(session.subscribe, session.get);
}

export function hasRole(account: Account | null, role: Role): boolean {
  return account !== null && ROLES.indexOf(account.role) >= ROLES.indexOf(role);
}

/** The signed-in account; pages behind the guard may rely on it. */
export function useAccount(): Account {
  const { account } = useSession();
  if (account === null) throw new Error('This component requires a signed-in user');
  return account;
}

const DRAFT = 'segmentation.draft.';

function clearDrafts(): void {
  try {
    Object.keys(sessionStorage)
      .filter((key) => key.startsWith(DRAFT))
      .forEach((key) => sessionStorage.removeItem(key));
  } catch {
    // Nothing is kept where storage is forbidden.
  }
}

/** What was typed into a form, kept for this tab until it is sent. */
export const drafts = {
  load: (name: string): Record<string, unknown> | null => {
    try {
      const text = sessionStorage.getItem(DRAFT + name);
      return text ? (JSON.parse(text) as Record<string, unknown>) : null;
    } catch {
      return null;
    }
  },
  save: (name: string, values: unknown): void => {
    try {
      sessionStorage.setItem(DRAFT + name, JSON.stringify(values));
    } catch {
      // A draft that cannot be kept is not worth an error.
    }
  },
  drop: (name: string): void => {
    try {
      sessionStorage.removeItem(DRAFT + name);
    } catch {
      // See above.
    }
  },
};
