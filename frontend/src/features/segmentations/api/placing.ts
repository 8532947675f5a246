import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';
import { useFileUpload } from '@/lib/upload';
import type { Ref } from './segmentations';

export type Placements = components['schemas']['VersionPlacements'];
export type Placement = Placements['placements'][number];
export type PlacedCustomer = components['schemas']['PlacedCustomerOut'];

const historyOf = (id: Ref) => ['segmentations', id, 'history'] as const;

/** Places one customer by what is known of it: null is not known, and a column that is left out is an error. */
export function usePlaceCustomer(id: Ref) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (row: Record<string, string | null>) => unwrap(client.POST('/api/v1/segmentations/{segmentation_id}/predict', { params: { path: { segmentation_id: id } }, body: { rows: [row] } }) as Promise<{ data?: Placements; error?: unknown; response: Response }>),
    onSuccess: () => queries.invalidateQueries({ queryKey: historyOf(id) }),
  });
}

export function usePlaceFile(id: Ref) {
  const queries = useQueryClient();
  return useFileUpload<Placements>(`/api/v1/segmentations/${id}/predict`, { onSuccess: () => queries.invalidateQueries({ queryKey: historyOf(id) }) });
}

/** What was placed, newest first. */
export const usePlaced = (id: Ref, skip: number, limit: number) =>
  useQuery({
    queryKey: [...historyOf(id), skip, limit],
    queryFn: async () => {
      const answer = client.GET('/api/v1/segmentations/{segmentation_id}/history', { params: { path: { segmentation_id: id }, query: { skip, limit } } });
      const rows = await unwrap(answer);
      const { response } = await answer;
      return { rows, total: Number(response.headers.get('X-Total-Count') ?? rows.length) };
    },
    placeholderData: keepPreviousData,
  });
