import { queryOptions, useQuery } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';

export type Statistics = components['schemas']['Statistics'];

export const statisticsQuery = queryOptions({
  queryKey: ['admin', 'statistics'],
  queryFn: () => unwrap(client.GET('/admin/stats')),
});

export const useStatistics = () => useQuery(statisticsQuery);
