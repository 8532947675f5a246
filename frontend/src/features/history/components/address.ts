import { useMemo } from 'react';
import { usePagedAddress, useSorting, wholeNumber } from '@/lib/address';
import type { HistoryFilter } from '../api/list-history';

export const PAGE_SIZE = 50;
const SORTS = ['created_at', 'cluster_name', 'confidence'] as const;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

function day(text: string | null): string | undefined {
  return text !== null && DAY.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
}

/** What the address asks for; what makes no sense in it is left out. */
export function readFilter(address: URLSearchParams): HistoryFilter {
  const cluster = wholeNumber(address.get('segment'), 0, 1000);
  const min_confidence = wholeNumber(address.get('min'), 0, 100);
  const max_confidence = wholeNumber(address.get('max'), 0, 100);
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

/** What no prediction can fulfil, by the field where it is told. */
export function contradictions({ date_from, date_to, min_confidence, max_confidence }: HistoryFilter): { date_to?: string; max_confidence?: string } {
  return {
    ...(date_from != null && date_to != null && date_from > date_to ? { date_to: 'The end date is before the start date' } : {}),
    ...(min_confidence != null && max_confidence != null && min_confidence > max_confidence ? { max_confidence: 'The highest confidence is below the lowest' } : {}),
  };
}

/** Filters and page, as the address has them. */
export function useHistoryAddress() {
  const paged = usePagedAddress();
  const filter = useMemo(() => readFilter(paged.address), [paged.address]);
  return { ...paged, ...useSorting(paged, SORTS), filter };
}
