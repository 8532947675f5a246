import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '@/lib/client';
import type { HistoryFilter } from './list-history';

export function useDeleteRow() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => unwrap(client.DELETE('/history/{row_id}', { params: { path: { row_id: id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['history'] }),
  });
}

/** Deletes what the filters leave; all of it where there are none. */
export function useDeleteHistory() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (query: HistoryFilter) => unwrap(client.DELETE('/history', { params: { query } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['history'] }),
  });
}
