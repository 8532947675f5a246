import { keepPreviousData, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { components, paths } from '@/api/schema';
import { client, unwrap } from '@/lib/client';
import { forgetRecent } from '@/lib/recent';

type Schemas = components['schemas'];
export type Segmentation = Schemas['SegmentationOut'];
export type Version = Schemas['VersionOut'];
export type Segment = Version['segments'][number];
export type SegmentWords = Schemas['SegmentUpdate'];
export type Entry = Schemas['RecordEntry'];
/** The one of four fixed columns is called by its name, all others by their number. */
export type Ref = number | 'core';
export type Job = Schemas['JobOut'];
export type SegmentationFilter = NonNullable<paths['/api/v1/segmentations']['get']['parameters']['query']>;

export const CORE = 'core';
export const refOf = ({ id, kind }: Pick<Segmentation, 'id' | 'kind'>): Ref => (kind === 'core' ? CORE : id);
/** What an address calls; NaN, which nothing has, where it makes no sense. */
export const readRef = (text = ''): Ref => (text === CORE ? CORE : Number(text));

const KEY = ['segmentations'] as const;
const of = (segmentation_id: Ref) => ({ params: { path: { segmentation_id } } });

/** One page, and how many there are on all of them. */
export const useSegmentations = (query: SegmentationFilter, enabled = true) =>
  useQuery({
    queryKey: [...KEY, 'list', query],
    queryFn: async () => {
      const answer = client.GET('/api/v1/segmentations', { params: { query } });
      const rows = await unwrap(answer);
      const { response } = await answer;
      return { rows, total: Number(response.headers.get('X-Total-Count') ?? rows.length) };
    },
    placeholderData: keepPreviousData,
    enabled,
  });

const segmentationQuery = (id: Ref) =>
  queryOptions({ queryKey: [...KEY, id], queryFn: () => unwrap(client.GET('/api/v1/segmentations/{segmentation_id}', of(id))) });

export const useSegmentation = (id: Ref) => useQuery(segmentationQuery(id));

export const useVersions = (id: Ref) =>
  useQuery({ queryKey: [...KEY, id, 'versions'], queryFn: () => unwrap(client.GET('/api/v1/segmentations/{segmentation_id}/versions', of(id))) });

export const useVersion = (id: Ref, version: number | undefined) =>
  useQuery({
    queryKey: [...KEY, id, 'versions', version],
    queryFn: () => unwrap(client.GET('/api/v1/segmentations/{segmentation_id}/versions/{version}', { params: { path: { segmentation_id: id, version: version ?? 0 } } })),
    enabled: version !== undefined,
  });

/** Everything that is known of a segmentation may have changed. */
function useForget(id: Ref) {
  const queries = useQueryClient();
  return () => Promise.all([queries.invalidateQueries({ queryKey: KEY }), queries.invalidateQueries({ queryKey: ['runs'] }), ...(id === CORE ? [queries.invalidateQueries({ queryKey: ['models'] }), queries.invalidateQueries({ queryKey: ['segments'] })] : [])]);
}

export function useUpdateSegmentation(id: Ref) {
  const forget = useForget(id);
  return useMutation({
    mutationFn: (body: Schemas['SegmentationUpdate']) => unwrap(client.PATCH('/api/v1/segmentations/{segmentation_id}', { ...of(id), body })),
    onSuccess: forget,
  });
}

export function useDeleteSegmentation(id: Ref) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(client.DELETE('/api/v1/segmentations/{segmentation_id}', of(id))),
    onSuccess: () => {
      forgetRecent(`/segmentations/${id}`);
      return Promise.all([queries.invalidateQueries({ queryKey: [...KEY, 'list'] }), queries.invalidateQueries({ queryKey: ['runs'], exact: true })]);
    },
  });
}

/** Names a segment, or says something of it; null takes the owner's word back. */
export function useUpdateSegment(id: Ref) {
  const forget = useForget(id);
  return useMutation({
    mutationFn: ({ lasting_id, ...body }: Partial<SegmentWords> & { lasting_id: number }) =>
      unwrap(client.PATCH('/api/v1/segmentations/{segmentation_id}/segments/{lasting_id}', { params: { path: { segmentation_id: id, lasting_id } }, body })),
    onSuccess: forget,
  });
}

export type Positions = readonly Pick<Segment, 'lasting_id' | 'position'>[];

/** Places segments one after the other: writes of one segmentation wait for each other anyway. */
export function useOrderSegments(id: Ref) {
  const forget = useForget(id);
  return useMutation({
    mutationFn: async (positions: Positions) => {
      for (const { lasting_id, position } of positions) await unwrap(client.PATCH('/api/v1/segmentations/{segmentation_id}/segments/{lasting_id}', { params: { path: { segmentation_id: id, lasting_id } }, body: { position } }));
    },
    onSettled: forget,
  });
}

export function useActivateVersion(id: Ref) {
  const forget = useForget(id);
  return useMutation({
    mutationFn: (version: number) => unwrap(client.POST('/api/v1/segmentations/{segmentation_id}/versions/{version}/activate', { params: { path: { segmentation_id: id, version } } })),
    onSuccess: forget,
  });
}

export const useVersionComparison = (id: Ref, version: number | undefined, against: number | undefined) =>
  useQuery({
    queryKey: [...KEY, id, 'versions', version, 'comparison', against],
    queryFn: () => unwrap(client.GET('/api/v1/segmentations/{segmentation_id}/versions/{version}/compare', { params: { path: { segmentation_id: id, version: version ?? 0 }, query: { against: against ?? null } } })),
    enabled: version !== undefined && against !== undefined && version !== against,
  });

export const useSegmentationDrift = (id: Ref, enabled = true) =>
  useQuery({ enabled, queryKey: [...KEY, id, 'drift'], queryFn: () => unwrap(client.GET('/api/v1/segmentations/{segmentation_id}/drift', of(id))) });

export const useRecord = (id: Ref, skip: number, limit: number) =>
  useQuery({
    queryKey: [...KEY, id, 'record', skip, limit],
    queryFn: async () => {
      const answer = client.GET('/api/v1/segmentations/{segmentation_id}/record', { params: { path: { segmentation_id: id }, query: { skip, limit } } });
      const rows = await unwrap(answer);
      const { response } = await answer;
      return { rows, total: Number(response.headers.get('X-Total-Count') ?? rows.length) };
    },
    placeholderData: keepPreviousData,
  });

export const isVersionJob = (answer: Version | Job): answer is Job => 'state' in answer;

/** Segments again, as a job, so that it can be watched and left alone. */
export function useTrainVersion(id: Ref) {
  const forget = useForget(id);
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: Partial<Schemas['VersionRequest']>): Promise<Version | Job> =>
      unwrap(client.POST('/api/v1/segmentations/{segmentation_id}/train', { ...of(id), body: body as Schemas['VersionRequest'], headers: { Prefer: 'respond-async' } }) as Promise<{ data?: Version | Job; error?: unknown; response: Response }>),
    onSuccess: () => Promise.all([forget(), queries.invalidateQueries({ queryKey: ['jobs'] })]),
  });
}
