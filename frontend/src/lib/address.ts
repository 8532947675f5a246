/** What a list shows, kept in the address bar so that a link, a reload or the way back shows the same. */

import { useEffect, useState } from 'react';
import type { Sorting } from '@/components/table';
import { NavigationType, useLocation, useNavigationType, useSearchParams } from 'react-router';

/** A whole number in these bounds, or undefined where the address makes no sense. */
export function wholeNumber(text: string | null, low: number, high: number): number | undefined {
  if (text === null || !/^\d+$/.test(text)) return undefined;
  const value = Number(text);
  return value >= low && value <= high ? value : undefined;
}

export function usePagedAddress() {
  const [address, setAddress] = useSearchParams();
  const skip = wholeNumber(address.get('skip'), 0, 1e9) ?? 0;
  /** Sets what is named, and empties what is ''; another choice begins at the first page. */
  const change = (changes: Record<string, string>): void =>
    setAddress(
      (previous) => {
        const next = new URLSearchParams(previous);
        if (!('skip' in changes)) next.delete('skip');
        for (const [name, value] of Object.entries(changes)) {
          if (value === '' || (name === 'skip' && value === '0')) next.delete(name);
          else next.set(name, value);
        }
        return next;
      },
      { replace: !('skip' in changes) },
    );
  return { address, skip, change, clear: () => setAddress({}) };
}

type Paged = Pick<ReturnType<typeof usePagedAddress>, 'address' | 'change'>;

/**
 * A field that is typed in: the address follows it, by replacing, and too late to lead it; any other
 * way to an address, as back or by clearing, leads.
 */
export function useTypedAddress({ address, change }: Paged, name: string): [string, (text: string) => void] {
  const given = address.get(name) ?? '';
  const way = useNavigationType();
  const [text, setText] = useState(given);
  const [seen, setSeen] = useState(given);
  if (given !== seen) {
    setSeen(given);
    if (way !== NavigationType.Replace) setText(given);
  }
  const type = (next: string): void => {
    setText(next);
    change({ [name]: next });
  };
  return [text, type];
}

/** The order that the address asks for, a field that the server orders by: `age`, or `-age` for the highest first. */
export function useSorting<Field extends string>({ address, change }: Paged, fields: readonly Field[]) {
  const text = address.get('sort') ?? '';
  const sort = fields.find((field) => field === text.replace(/^-/, ''));
  const descending = text.startsWith('-');
  return {
    sorting: sort ? { column: sort, descending } : null,
    order: sort ? { sort, descending } : {},
    sortBy: (next: Sorting): void => change({ sort: `${next.descending ? '-' : ''}${next.column}` }),
  };
}

/** The place in the page that the address names; the page comes later, and is then scrolled to it. */
export function useHashTarget(): string {
  const { hash } = useLocation();
  const id = hash.slice(1);
  useEffect(() => {
    if (id) document.getElementById(id)?.scrollIntoView();
  }, [id]);
  return id;
}
