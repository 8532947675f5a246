import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { components, operations } from '@/api/schema';
import { client, unwrap } from '@/lib/client';
import type { Ref } from './segmentations';

type Schemas = components['schemas'];
export type SegmentView = Schemas['SegmentView'];
export type ColumnView = Schemas['ColumnDistribution'];
export type CustomerPage = Schemas['CustomerPage'];
export type CustomerRow = CustomerPage['items'][number];
export type CustomerView = Schemas['CustomerView'];
export type Insights = Schemas['Insights'];
export type PlaceField = Schemas['FormColumn'];

const KEY = ['segmentations'] as const;
interface Of {
  id: Ref;
  version: number | undefined;
}
const at = (version: number | undefined) => (version === undefined ? {} : { version });

export type CustomerFilter = NonNullable<operations['segmentations_list_customers']['parameters']['query']>;

/** A part of the list; the next one begins where this one's cursor says. */
export const useCustomers = ({ id, version }: Of, filter: CustomerFilter) =>
  useQuery({
    queryKey: [...KEY, id, 'customers', version, filter],
    // The schema also knows this answer as a file; without a format it is JSON.
    queryFn: () => unwrap(client.GET('/api/v1/segmentations/{segmentation_id}/customers', { params: { path: { segmentation_id: id }, query: { ...filter, ...at(version) } } })) as Promise<CustomerPage>,
    placeholderData: keepPreviousData,
  });

/** Nothing of a segment that the version does not have. */
export const useSegmentView = ({ id, version }: Of, lasting_id: number | undefined) =>
  useQuery({
    enabled: lasting_id !== undefined,
    queryKey: [...KEY, id, 'segments', lasting_id, version],
    queryFn: () => unwrap(client.GET('/api/v1/segmentations/{segmentation_id}/segments/{lasting_id}', { params: { path: { segmentation_id: id, lasting_id: lasting_id ?? 0 }, query: at(version) } })),
  });

export const useCustomerView = ({ id, version }: Of, identifier: string) =>
  useQuery({
    queryKey: [...KEY, id, 'customers', identifier, version],
    queryFn: () => unwrap(client.GET('/api/v1/segmentations/{segmentation_id}/customers/{identifier}', { params: { path: { segmentation_id: id, identifier }, query: at(version) } })),
  });

export const useInsights = ({ id, version }: Of) =>
  useQuery({
    queryKey: [...KEY, id, 'insights', version],
    queryFn: () => unwrap(client.GET('/api/v1/segmentations/{segmentation_id}/insights', { params: { path: { segmentation_id: id }, query: at(version) } })),
    staleTime: Infinity,
  });

/** What a customer is placed by, with ranges and choices. */
export const usePlaceFields = (id: Ref) =>
  useQuery({
    queryKey: [...KEY, id, 'form'],
    queryFn: () => unwrap(client.GET('/api/v1/segmentations/{segmentation_id}/form', { params: { path: { segmentation_id: id } } })),
    staleTime: Infinity,
  });
