import { useMutation } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';
import { useFileUpload } from '@/lib/upload';

export type Placements = components['schemas']['PlacementsOut'];
export type Placement = Placements['placements'][number];

/** Places one customer by what is known of it; a column that is left out counts as missing. */
export const usePlaceCustomer = (run_id: number) =>
  useMutation({
    mutationFn: async (row: Record<string, string | number>) => {
      const answer = await unwrap(client.POST('/api/v1/clustering/runs/{run_id}/predict', { params: { path: { run_id } }, body: { rows: [row] } }));
      return { ...answer, placement: answer.placements[0] };
    },
  });

export const usePlaceFile = (run_id: number) => useFileUpload<Placements>(`/api/v1/clustering/runs/${run_id}/predict`, { onSuccess: () => undefined });
