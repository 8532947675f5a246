import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';
import type { Ref } from './segmentations';

type Schemas = components['schemas'];
export type ChartedColumn = Schemas['ChartedColumn'];
export type BySegment = Schemas['ColumnBySegment'];
export type Points = Schemas['CustomerPoints'];
export type Usefulness = Schemas['UsefulnessOut'];

/** A version that is looked at; the active one where none is named. */
export interface Of {
  id: Ref;
  version: number | undefined;
}
const of = ({ id, version }: Of) => ({ path: { segmentation_id: id }, query: version === undefined ? {} : { version } });
const key = ({ id, version }: Of, ...more: unknown[]) => ['segmentations', id, 'charts', version, ...more];

/** What a version was found in does not change, nor do its segments. */
const LASTING = { staleTime: Infinity, placeholderData: keepPreviousData } as const;

export const useColumns = (version: Of) =>
  useQuery({
    ...LASTING,
    queryKey: key(version, 'columns'),
    queryFn: () => unwrap(client.GET('/api/v1/segmentations/{segmentation_id}/columns', { params: of(version) })),
  });

export function useDistribution(version: Of, column: string | undefined) {
  const { path, query } = of(version);
  return useQuery({
    ...LASTING,
    enabled: column !== undefined,
    queryKey: key(version, 'distribution', column),
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/segmentations/{segmentation_id}/distribution', { params: { path, query: { ...query, column: column ?? '' } }, signal })),
  });
}

export function usePoints(version: Of, x: string | undefined, y: string | undefined) {
  const { path, query } = of(version);
  return useQuery({
    ...LASTING,
    enabled: x !== undefined && y !== undefined,
    queryKey: key(version, 'points', x, y),
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/segmentations/{segmentation_id}/points', { params: { path, query: { ...query, x: x ?? '', y: y ?? '' } }, signal })),
  });
}

/** What the segments say about a column that they were not made from. */
export function useUsefulness(version: Of, column: string | undefined, value: string | undefined) {
  const { path, query } = of(version);
  return useQuery({
    ...LASTING,
    enabled: column !== undefined,
    queryKey: key(version, 'usefulness', column, value),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/segmentations/{segmentation_id}/usefulness', { params: { path, query: { ...query, column: column ?? '', ...(value === undefined ? {} : { value }) } }, signal })),
  });
}
