import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';

type Schemas = components['schemas'];
export type Rfm = Schemas['RFMOut'];
export type RfmCell = Schemas['RFMCell'];
export type RfmCustomer = Schemas['RFMCustomer'];
export type Value = Schemas['ValueOut'];
export type Cohorts = Schemas['CohortsOut'];
export type Migration = Schemas['MigrationOut'];
export type Move = Schemas['Move'];

export type Period = 'week' | 'month' | 'quarter' | 'year';
export type Measure = 'customers' | 'orders' | 'revenue' | 'cumulative';

const ofSnapshot = (snapshot_id: number) => ({ snapshot_id });

export const useRfm = (snapshot: number) =>
  useQuery({
    queryKey: ['snapshots', snapshot, 'rfm'],
    queryFn: () => unwrap(client.GET('/api/v1/snapshots/{snapshot_id}/rfm', { params: { path: ofSnapshot(snapshot) } })),
    staleTime: Infinity,
  });

/** Which customers: those of a cell, of a segment, or all. */
export interface Members {
  recency?: number | undefined;
  frequency?: number | undefined;
  segment?: string | undefined;
}

export const useRfmCustomers = (snapshot: number, members: Members, skip: number, limit: number) =>
  useQuery({
    queryKey: ['snapshots', snapshot, 'rfm', 'customers', members, skip, limit],
    queryFn: () => unwrap(client.GET('/api/v1/snapshots/{snapshot_id}/rfm/customers', { params: { path: ofSnapshot(snapshot), query: { ...members, skip, limit } } })),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });

export const useValue = (snapshot: number, days: number, skip: number, limit: number) =>
  useQuery({
    queryKey: ['snapshots', snapshot, 'value', days, skip, limit],
    queryFn: () => unwrap(client.GET('/api/v1/snapshots/{snapshot_id}/value', { params: { path: ofSnapshot(snapshot), query: { horizon: `${days}d`, skip, limit } } })),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });

export const useCohorts = (orders: number, by: Period, measure: Measure) =>
  useQuery({
    queryKey: ['orders', orders, 'cohorts', by, measure],
    queryFn: () => unwrap(client.GET('/api/v1/orders/{orders_id}/cohorts', { params: { path: { orders_id: orders }, query: { by, measure } } })),
    placeholderData: keepPreviousData,
  });

export const useMigration = (orders: number, from: string, to: string) =>
  useQuery({
    queryKey: ['orders', orders, 'migration', from, to],
    queryFn: () => unwrap(client.GET('/api/v1/orders/{orders_id}/migration', { params: { path: { orders_id: orders }, query: { from, to } } })),
    placeholderData: keepPreviousData,
    enabled: from !== '' && to !== '',
  });
