import { Button } from '@/components/button';
import { toast } from '@/components/toast';
import { messageOf } from '@/lib/http';
import { hasRole, useAccount } from '@/lib/session';
import { useCustomersOfFile, useOrdersOfDataset } from '../api/orders';

/** Takes an uploaded table for the orders that it is; answers where what comes of it is shown. */
export function GroupOrders({ dataset, onGrouped }: { dataset: number; onGrouped: (address: string) => void }) {
  const keepsOrders = hasRole(useAccount(), 'analyst');
  const orders = useOrdersOfDataset();
  const customers = useCustomersOfFile();
  const onError = (error: Error): void => toast(messageOf(error), { tone: 'danger' });
  const group = (): void =>
    keepsOrders
      ? orders.mutate(dataset, { onSuccess: ({ id }) => onGrouped(`/orders/${id}`), onError })
      : customers.mutate(dataset, { onSuccess: (id) => onGrouped(`/datasets/${id}`), onError });
  const isPending = orders.isPending || customers.isPending;
  return (
    <Button look="primary" busy={isPending} onClick={group}>
      {isPending ? 'Reading the orders' : 'Group orders to customers'}
    </Button>
  );
}
