import { Select } from '@/components/field';
import { Badge } from '@/components/states';
import { toast } from '@/components/toast';
import { messageOf } from '@/lib/http';
import { useCorrectOrders, type OrderRole, type Orders, type OrdersUpdate } from '../api/orders';

export const ROLES: Record<OrderRole, string> = {
  customer: 'Customer',
  date: 'Date',
  order: 'Order number',
  amount: 'Amount',
  quantity: 'Quantity',
  price: 'Unit price',
  product: 'Product',
  product_name: 'Product name',
  category: 'Category',
  currency: 'Currency',
  status: 'Status',
};
const ALL = Object.keys(ROLES) as OrderRole[];
const ALWAYS: readonly OrderRole[] = ['customer', 'date', 'order', 'amount'];
const NONE = '';

/** Takes a correction, and offers what was before. */
export function useOrdersCorrection(orders: Orders) {
  const correct = useCorrectOrders(orders.id);
  const failed = (error: unknown): void => toast(messageOf(error), { tone: 'danger' });
  const take = (change: Partial<OrdersUpdate>, undo: Partial<OrdersUpdate>, said: string): void =>
    correct.mutate(change as OrdersUpdate, {
      onSuccess: () => toast(said, { about: `orders/${orders.id}`, undo: () => correct.mutate(undo as OrdersUpdate, { onError: failed }) }),
      onError: failed,
    });
  return { take, isPending: correct.isPending };
}

/** Which column is what, with the reason, to be corrected; the first lines beside it. */
export function Roles({ orders }: { orders: Orders }) {
  const { take, isPending } = useOrdersCorrection(orders);
  const found = new Map(orders.roles.map((each) => [each.role, each]));
  const problems = new Map(orders.problems.map(({ field, message }) => [field, message]));
  const change = (role: OrderRole, column: string): void =>
    take({ roles: { [role]: column === NONE ? null : column } }, { roles: { [role]: found.get(role)?.column ?? null } }, `${ROLES[role]}: ${column === NONE ? 'none' : column}`);
  const choose = (role: OrderRole) => {
    const given = found.get(role);
    return (
      <Select
        wrap
        key={role}
        label={ROLES[role]}
        hint={given ? <span className="[overflow-wrap:anywhere]">{given.reason} {given.confidence === 'low' ? <Badge tone="warn">Please check</Badge> : null}</span> : undefined}
        error={problems.get(`roles.${role}`)}
        disabled={isPending}
        value={given?.column ?? NONE}
        onChange={(event) => change(role, event.target.value)}
      >
        <option value={NONE}>None</option>
        {orders.columns.map((column) => (
          <option key={column}>{column}</option>
        ))}
      </Select>
    );
  };
  const isShown = (role: OrderRole): boolean => ALWAYS.includes(role) || found.has(role);
  const others = ALL.filter((role) => !isShown(role));
  return (
    <div className="flex flex-col gap-5">
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2 lg:grid-cols-3">{ALL.filter(isShown).map(choose)}</div>
      {others.length > 0 ? (
        <details>
          <summary className="min-h-11 py-2 text-small font-strong">Other columns that orders may have</summary>
          <div className="grid grid-cols-1 gap-4 pt-2 sm:grid-cols-2 lg:grid-cols-3">{others.map(choose)}</div>
        </details>
      ) : null}
    </div>
  );
}

/** The first lines as they were read, each column under its role. */
export function OrderPreview({ orders }: { orders: Orders }) {
  const roleOf = new Map(orders.roles.map(({ role, column }) => [column, ROLES[role]]));
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Preview of the first lines">
      <table className="w-full text-small">
        <caption className="sr-only">The first lines of {orders.filename}</caption>
        <thead>
          <tr>
            {orders.columns.map((column) => (
              <th key={column} scope="col" className="border-b border-line px-3 py-2 text-left align-bottom whitespace-nowrap text-soft first:pl-4 last:pr-4 md:first:pl-5 md:last:pr-5">
                {roleOf.has(column) ? <span className="block text-accent">{roleOf.get(column)}</span> : null}
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {orders.preview.map((line, index) => (
            <tr key={index} className="border-b border-line last:border-b-0">
              {orders.columns.map((column) => {
                const value: unknown = line[column];
                const text = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '–';
                return (
                  <td key={column} title={text} className="max-w-56 truncate px-3 py-2 first:pl-4 last:pr-4 md:first:pl-5 md:last:pr-5">
                    {text}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
