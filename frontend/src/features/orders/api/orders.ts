import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';
import { forgetRecent } from '@/lib/recent';
import { useFileUpload } from '@/lib/upload';
import { whenDone, type Job } from '@/lib/jobs';

type Schemas = components['schemas'];
export type OrdersSummary = Schemas['OrdersSummary'];
export type Orders = Schemas['OrdersOut'];
export type OrdersUpdate = Schemas['OrdersUpdate'];
export type OrderRole = Schemas['RoleOut']['role'];
export type Ledger = Schemas['LedgerOut'];
export type Snapshot = Schemas['SnapshotOut'];
export type SnapshotRequest = Schemas['SnapshotRequest'];

const path = (orders_id: number) => ({ params: { path: { orders_id } } });

const ordersQuery = queryOptions({
  queryKey: ['orders'],
  queryFn: () => unwrap(client.GET('/api/v1/orders')),
});

export const useOrdersList = (enabled = true) => useQuery({ ...ordersQuery, enabled });

export const useOrders = (id: number) => useQuery({ queryKey: ['orders', id], queryFn: () => unwrap(client.GET('/api/v1/orders/{orders_id}', path(id))) });

/** What is known of the orders replaces what was; everything made of them is asked for again. */
function useKeepOrders() {
  const queries = useQueryClient();
  return (orders: Orders) => {
    queries.setQueryData(['orders', orders.id], orders);
    return Promise.all([
      queries.invalidateQueries({ queryKey: ['orders'], exact: true }),
      queries.invalidateQueries({ predicate: ({ queryKey: [noun, id, view] }) => noun === 'orders' && id === orders.id && view !== undefined }),
    ]);
  };
}

export function useUploadOrders() {
  const keep = useKeepOrders();
  return useFileUpload<Orders>('/api/v1/orders/upload', { onSuccess: keep });
}

/** Takes a file that was uploaded as a table of customers for the orders that it has. */
export function useOrdersOfDataset() {
  const keep = useKeepOrders();
  return useMutation({
    mutationFn: (dataset_id: number) => unwrap(client.POST('/api/v1/orders/from-dataset/{dataset_id}', { params: { path: { dataset_id } } }) as Promise<{ data?: Orders; error?: unknown; response: Response }>),
    onSuccess: keep,
  });
}

/** Makes customers of a file of orders at once; answers the table of them. */
export function useCustomersOfFile() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (dataset_id: number): Promise<number> => {
      const answer = await unwrap(client.POST('/api/v1/files/{dataset_id}/customers', { params: { path: { dataset_id } } }) as Promise<{ data?: Schemas['DatasetOut'] | Job; error?: unknown; response: Response }>);
      return 'state' in answer ? Number((await whenDone(answer)).result?.dataset_id) : answer.id;
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['datasets'], exact: true }),
  });
}

/** Large files are added as a job; the lines are there once it is done. */
async function onceAdded(id: number, job: Job): Promise<Orders> {
  await whenDone(job);
  return unwrap(client.GET('/api/v1/orders/{orders_id}', path(id)));
}

export function useAppendLines(id: number) {
  const keep = useKeepOrders();
  return useFileUpload<Schemas['AppendedOut'] | Job>(`/api/v1/orders/${id}/lines`, { onSuccess: async (answer) => keep('orders' in answer ? answer.orders : await onceAdded(id, answer)) });
}

export function useCorrectOrders(id: number) {
  const keep = useKeepOrders();
  return useMutation({
    mutationFn: (body: OrdersUpdate) => unwrap(client.PATCH('/api/v1/orders/{orders_id}', { ...path(id), body }) as Promise<{ data?: Orders; error?: unknown; response: Response }>),
    onSuccess: keep,
  });
}

export function useDeleteOrders() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => unwrap(client.DELETE('/api/v1/orders/{orders_id}', path(id))),
    onSuccess: (_, id) => {
      forgetRecent(`/orders/${id}`);
      return queries.invalidateQueries({ queryKey: ['orders'], exact: true });
    },
  });
}

/** Customers of millions of lines are summarised as a job; they are there once it is done. */
async function onceMade(answer: Snapshot | Job): Promise<Snapshot> {
  if (!('state' in answer)) return answer;
  const { result } = await whenDone(answer);
  return unwrap(client.GET('/api/v1/snapshots/{snapshot_id}', { params: { path: { snapshot_id: Number(result?.snapshot_id) } } }));
}

function useNoteSnapshot(id: number) {
  const queries = useQueryClient();
  return () => Promise.all([queries.invalidateQueries({ queryKey: ['orders', id], exact: true }), queries.invalidateQueries({ queryKey: ['datasets'], exact: true })]);
}

export function useMakeSnapshot(id: number) {
  return useMutation({
    mutationFn: async (body: SnapshotRequest) => onceMade(await unwrap(client.POST('/api/v1/orders/{orders_id}/snapshots', { ...path(id), body }))),
    onSuccess: useNoteSnapshot(id),
  });
}

/** The customers of the same day, from all lines there are now, in the snapshot's place: whatever shows them is asked for again. */
export function useRemakeSnapshot() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (snapshot_id: number) => onceMade(await unwrap(client.POST('/api/v1/snapshots/{snapshot_id}/remake', { params: { path: { snapshot_id } } }))),
    onSuccess: () => queries.invalidateQueries(),
  });
}
