import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';

export type Customer = components['schemas']['Customer'];
export type Prediction = components['schemas']['Prediction'];

export const predict = (body: Customer) => unwrap(client.POST('/predict', { body }));

/** A prediction is also a row of the history, which is then out of date. */
export function usePredict() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: predict,
    onSuccess: () => queries.invalidateQueries({ queryKey: ['history'] }),
  });
}
