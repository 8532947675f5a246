import { Button } from '@/components/button';
import { toast } from '@/components/toast';
import { messageOf } from '@/lib/http';
import { useOrdersOfDataset } from '../api/orders';

/** Takes an uploaded table for the orders that it is. */
export function GroupOrders({ dataset, onGrouped }: { dataset: number; onGrouped: (orders: number) => void }) {
  const group = useOrdersOfDataset();
  return (
    <Button look="primary" busy={group.isPending} onClick={() => group.mutate(dataset, { onSuccess: ({ id }) => onGrouped(id), onError: (error) => toast(messageOf(error), { tone: 'danger' }) })}>
      {group.isPending ? 'Reading the orders' : 'Group orders to customers'}
    </Button>
  );
}
