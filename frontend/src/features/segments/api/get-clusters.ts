import { queryOptions, useQuery } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';

export type Clusters = components['schemas']['Clusters'];
export type Segment = components['schemas']['ClusterSummary'];

export const clustersQuery = queryOptions({
  queryKey: ['segments', 'clusters'],
  queryFn: () => unwrap(client.GET('/clusters')),
});

export const useClusters = () => useQuery(clustersQuery);
