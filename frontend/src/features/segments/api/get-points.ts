import { queryOptions, useQuery } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';

export type Points = components['schemas']['Points'];

export const pointsQuery = (version: number) =>
  queryOptions({
    queryKey: ['segments', 'points', version],
    queryFn: () => unwrap(client.GET('/api/v1/models/{version}/points', { params: { path: { version } } })),
    // A version's customers never change.
    staleTime: Infinity,
  });

export const usePoints = (version: number | undefined) =>
  useQuery({ ...pointsQuery(version ?? 0), enabled: version !== undefined });
