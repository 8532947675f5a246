import { queryOptions, useQuery } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';

export type Sweep = components['schemas']['Elbow'];

export const elbowQuery = queryOptions({
  queryKey: ['segments', 'elbow'],
  queryFn: () => unwrap(client.GET('/elbow')),
});

export const useElbow = () => useQuery(elbowQuery);
