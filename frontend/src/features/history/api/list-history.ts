import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import type { components, paths } from '@/api/schema';
import { client, unwrap } from '@/lib/client';

export type HistoryRow = components['schemas']['HistoryRow'];
export type HistoryFilter = NonNullable<paths['/history']['get']['parameters']['query']>;

export const historyQuery = (query: HistoryFilter) =>
  queryOptions({
    queryKey: ['history', query],
    queryFn: () => unwrap(client.GET('/history', { params: { query } })),
    placeholderData: keepPreviousData,
  });

export const useHistory = (query: HistoryFilter) => useQuery(historyQuery(query));
