import { queryOptions, useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/lib/client';

export const elbowQuery = queryOptions({
  queryKey: ['segments', 'elbow'],
  queryFn: () => unwrap(client.GET('/elbow')),
});

export const useElbow = () => useQuery(elbowQuery);
