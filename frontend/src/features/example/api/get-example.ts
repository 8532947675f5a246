import { queryOptions, useQuery } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';

export type Example = components['schemas']['Example'];

export const exampleQuery = queryOptions({
  queryKey: ['example'],
  queryFn: () => unwrap(client.GET('/api/v1/example')),
  staleTime: Infinity,
});

export const useExample = () => useQuery(exampleQuery);
