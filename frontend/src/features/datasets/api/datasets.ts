import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';

export type DatasetSummary = components['schemas']['DatasetSummary'];
export type Dataset = components['schemas']['DatasetOut'];
export type DatasetColumn = components['schemas']['DatasetColumn'];
export type ColumnKind = DatasetColumn['kind'];
export type Overrides = components['schemas']['ReadOverrides'];

const path = (dataset_id: number) => ({ params: { path: { dataset_id } } });

export const datasetsQuery = queryOptions({
  queryKey: ['datasets'],
  queryFn: () => unwrap(client.GET('/api/v1/datasets')),
});

export const useDatasets = (enabled: boolean) => useQuery({ ...datasetsQuery, enabled });

export const useDataset = (id: number) =>
  useQuery({ queryKey: ['datasets', id], queryFn: () => unwrap(client.GET('/api/v1/datasets/{dataset_id}', path(id))) });

export function useCorrectDataset(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Overrides) => unwrap(client.PATCH('/api/v1/datasets/{dataset_id}', { ...path(id), body })),
    onSuccess: (dataset) => {
      queries.setQueryData(['datasets', id], dataset);
      return queries.invalidateQueries({ queryKey: ['datasets'], exact: true });
    },
  });
}

export function useDeleteDataset() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => unwrap(client.DELETE('/api/v1/datasets/{dataset_id}', path(id))),
    onSuccess: () => Promise.all([queries.invalidateQueries({ queryKey: ['datasets'], exact: true }), queries.invalidateQueries({ queryKey: ['runs'] })]),
  });
}
