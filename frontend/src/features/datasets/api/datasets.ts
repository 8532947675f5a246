import { useEffect } from 'react';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';
import { ApiError } from '@/lib/http';
import { forgetRecent } from '@/lib/recent';
import { drafts, hasRole, session } from '@/lib/session';

export type DatasetSummary = components['schemas']['DatasetSummary'];
export type Dataset = components['schemas']['DatasetOut'];
export type DatasetColumn = components['schemas']['DatasetColumn'];
export type ColumnKind = DatasetColumn['kind'];
export type Overrides = components['schemas']['ReadOverrides'];
export type Doubt = components['schemas']['TableWarningOut'];
export type RowIs = Dataset['one_row_is'];

/** Those who keep no datasets have files of their own: the same calls and answers, elsewhere. */
const doors = () => (hasRole(session.get().account, 'analyst') ? ({ all: '/api/v1/datasets', one: '/api/v1/datasets/{dataset_id}' } as const) : ({ all: '/api/v1/files', one: '/api/v1/files/{dataset_id}' } as unknown as { all: '/api/v1/datasets'; one: '/api/v1/datasets/{dataset_id}' }));

/** Where the file itself is, as it was uploaded. */
export const fileAddress = (id: number): string => `${doors().all}/${id}/download`;

/** How large one's file may be, and for how many days it is kept. */
export const useFileLimits = () => useQuery({ queryKey: ['files', 'limits'], queryFn: () => unwrap(client.GET('/api/v1/files/limits')), staleTime: Infinity });

const path = (dataset_id: number) => ({ params: { path: { dataset_id } } });

export const datasetsQuery = queryOptions({
  queryKey: ['datasets'],
  queryFn: () => unwrap(client.GET(doors().all)),
});

export const useDatasets = (enabled = true) => useQuery({ ...datasetsQuery, enabled });

export const useDataset = (id: number) =>
  useQuery({ queryKey: ['datasets', id], queryFn: () => unwrap(client.GET(doors().one, path(id))) });

const unsaved = (id: number): string => `dataset-${id}`;

/** Corrects how a table was read; what an ended session kept from being saved stays as a draft. */
export function useCorrectDataset(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Overrides) => unwrap(client.PATCH(doors().one, { ...path(id), body }) as Promise<{ data?: Dataset; error?: unknown; response: Response }>),
    onMutate: (body) => drafts.save(unsaved(id), body),
    onError: (error) => {
      if (!(error instanceof ApiError && error.status === 401)) drafts.drop(unsaved(id));
    },
    onSuccess: (dataset) => {
      drafts.drop(unsaved(id));
      queries.setQueryData(['datasets', id], dataset);
      return queries.invalidateQueries({ queryKey: ['datasets'], exact: true });
    },
  });
}

/** Saves the correction that a session ended before, as soon as the table is open again. */
export function useUnsavedCorrection(id: number, done: { onSuccess: () => void; onError: (error: Error) => void }): void {
  const { mutate } = useCorrectDataset(id);
  useEffect(() => {
    const draft = drafts.load(unsaved(id));
    if (draft === null) return;
    drafts.drop(unsaved(id));
    mutate(draft, done);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once for each table that is opened
  }, [id]);
}

export function useDeleteDataset() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => unwrap(client.DELETE(doors().one, path(id))),
    onSuccess: (_, id) => {
      forgetRecent(`/datasets/${id}`);
      // Its segmentations go with it.
      return Promise.all([queries.invalidateQueries({ queryKey: ['datasets'], exact: true }), ...['runs', 'segmentations'].map((noun) => queries.invalidateQueries({ queryKey: [noun] }))]);
    },
  });
}
