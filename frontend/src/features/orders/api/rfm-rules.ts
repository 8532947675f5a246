import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';

type Schemas = components['schemas'];
export type RfmRules = Schemas['RFMRules'];
export type RfmRule = Schemas['RFMRuleOut'];
export type RfmRulesUpdate = Schemas['RFMRulesUpdate'];

const path = (orders_id: number) => ({ params: { path: { orders_id } } });

export const useRfmRules = (orders: number) =>
  useQuery({
    queryKey: ['orders', orders, 'rfm-rules'],
    queryFn: () => unwrap(client.GET('/api/v1/orders/{orders_id}/rfm-rules', path(orders))),
  });

/** Everything shown by segment, for any day, is fetched again. */
export function useChangeRfmRules(orders: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: RfmRulesUpdate) => unwrap(client.PUT('/api/v1/orders/{orders_id}/rfm-rules', { ...path(orders), body })),
    onSuccess: (rules) => {
      queries.setQueryData(['orders', orders, 'rfm-rules'], rules);
      return Promise.all([queries.invalidateQueries({ queryKey: ['snapshots'] }), queries.invalidateQueries({ queryKey: ['orders', orders, 'migration'] })]);
    },
  });
}
