import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { HistoryFilter } from '../api/list-history';

export const PAGE_SIZE = 50;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

function number(text: string | null, low: number, high: number): number | undefined {
  if (text === null || !/^\d+$/.test(text)) return undefined;
  const value = Number(text);
  return value >= low && value <= high ? value : undefined;
}

function day(text: string | null): string | undefined {
  return text !== null && DAY.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
}

/** What the address asks for; what makes no sense in it is left out. */
export function readFilter(address: URLSearchParams): HistoryFilter {
  const cluster = number(address.get('segment'), 0, 1000);
  const min_confidence = number(address.get('min'), 0, 100);
  const max_confidence = number(address.get('max'), 0, 100);
  const date_from = day(address.get('from'));
  const date_to = day(address.get('to'));
  return {
    ...(cluster === undefined ? {} : { cluster }),
    ...(min_confidence === undefined ? {} : { min_confidence }),
    ...(max_confidence === undefined ? {} : { max_confidence }),
    ...(date_from === undefined ? {} : { date_from }),
    ...(date_to === undefined ? {} : { date_to }),
  };
}

/** Filters and page, kept in the address so that a link or a reload shows the same. */
export function useHistoryAddress() {
  const [address, setAddress] = useSearchParams();
  const filter = useMemo(() => readFilter(address), [address]);
  const skip = number(address.get('skip'), 0, 1e9) ?? 0;
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
  return { address, filter, skip, change, clear: () => setAddress({}) };
}
