import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';
import { whenDone } from '@/lib/jobs';

type Schemas = components['schemas'];
export type Rfm = Schemas['RFMOut'];
export type RfmCell = Schemas['RFMCell'];
export type RfmCustomer = Schemas['RFMCustomer'];
export type Value = Schemas['ValueOut'];
export type Concentration = Schemas['ConcentrationOut'];
export type NextOrder = Schemas['NextOrderOut'];
export type Leaving = Schemas['LeavingOut'];
export type Cohorts = Schemas['CohortsOut'];
export type Migration = Schemas['MigrationOut'];
export type Move = Schemas['Move'];
export type MoveMember = Schemas['MoveMember'];

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
  monetary?: number | undefined;
  segment?: string | undefined;
}

export const useRfmCustomers = (snapshot: number, members: Members, skip: number, limit: number) =>
  useQuery({
    queryKey: ['snapshots', snapshot, 'rfm', 'customers', members, skip, limit],
    queryFn: () => fetchRfmCustomers(snapshot, members, skip, limit),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });

/** What a forecast is of: so many days ahead, the share of the money that is margin, and what a year's wait costs. */
export interface Terms {
  days: number;
  margin: number;
  discount: number;
}

/** The first forecast of very many customers is a job; asked for again, it is there. */
export async function fetchValue(snapshot: number, { days, ...terms }: Terms, skip: number, limit: number): Promise<Value> {
  const query = { horizon: `${days}d`, ...terms, skip, limit };
  const answer = await unwrap(client.GET('/api/v1/snapshots/{snapshot_id}/value', { params: { path: ofSnapshot(snapshot), query } }));
  if (!('state' in answer)) return answer;
  await whenDone(answer);
  return fetchValue(snapshot, { days, ...terms }, skip, limit);
}

export const useValue = (snapshot: number, terms: Terms, skip: number, limit: number) =>
  useQuery({
    queryKey: ['snapshots', snapshot, 'value', terms, skip, limit],
    queryFn: () => fetchValue(snapshot, terms, skip, limit),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });

export const useConcentration = (snapshot: number) =>
  useQuery({
    queryKey: ['snapshots', snapshot, 'concentration'],
    queryFn: () => unwrap(client.GET('/api/v1/snapshots/{snapshot_id}/concentration', { params: { path: ofSnapshot(snapshot) } })),
    staleTime: Infinity,
  });

export const useNextOrder = (snapshot: number) =>
  useQuery({
    queryKey: ['snapshots', snapshot, 'next-order'],
    queryFn: () => unwrap(client.GET('/api/v1/snapshots/{snapshot_id}/next-order', { params: { path: ofSnapshot(snapshot) } })),
    staleTime: Infinity,
  });

export const fetchLeaving = (snapshot: number, skip: number, limit: number) => unwrap(client.GET('/api/v1/snapshots/{snapshot_id}/leaving', { params: { path: ofSnapshot(snapshot), query: { skip, limit } } }));

export const useLeaving = (snapshot: number, skip: number, limit: number) =>
  useQuery({
    queryKey: ['snapshots', snapshot, 'leaving', skip, limit],
    queryFn: () => fetchLeaving(snapshot, skip, limit),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });

export const useCohorts = (orders: number, by: Period, measure: Measure) =>
  useQuery({
    queryKey: ['orders', orders, 'cohorts', by, measure],
    queryFn: () => unwrap(client.GET('/api/v1/orders/{orders_id}/cohorts', { params: { path: { orders_id: orders }, query: { by, measure } } })),
    placeholderData: keepPreviousData,
  });

/** Between which days, and by which groups: RFM segments, the cells of the grid, or those of a run. */
export interface Comparison {
  from: string;
  to: string;
  by: 'segments' | 'cells' | 'run';
  run: number | null;
}

const queryOf = ({ from, to, by, run }: Comparison) => ({ from, to, ...(by === 'run' ? { run_id: run } : { by }) });

export const useMigration = (orders: number, asked: Comparison) =>
  useQuery({
    queryKey: ['orders', orders, 'migration', asked],
    queryFn: () => unwrap(client.GET('/api/v1/orders/{orders_id}/migration', { params: { path: { orders_id: orders }, query: queryOf(asked) } })),
    placeholderData: keepPreviousData,
    enabled: asked.from !== '' && asked.to !== '',
  });

export const fetchMovers = (orders: number, asked: Comparison, { source, target }: Pick<Move, 'source' | 'target'>, skip: number, limit: number) =>
  unwrap(client.GET('/api/v1/orders/{orders_id}/migration/customers', { params: { path: { orders_id: orders }, query: { ...queryOf(asked), source, target, skip, limit } } }));

export const useMovers = (orders: number, asked: Comparison, move: Pick<Move, 'source' | 'target'>, skip: number, limit: number) =>
  useQuery({
    queryKey: ['orders', orders, 'migration', asked, move.source, move.target, skip, limit],
    queryFn: () => fetchMovers(orders, asked, move, skip, limit),
    placeholderData: keepPreviousData,
  });

export const fetchRfmCustomers = (snapshot: number, members: Members, skip: number, limit: number) =>
  unwrap(client.GET('/api/v1/snapshots/{snapshot_id}/rfm/customers', { params: { path: ofSnapshot(snapshot), query: { ...members, skip, limit } } }));
