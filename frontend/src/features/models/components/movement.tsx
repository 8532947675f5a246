import { MovementMatrix, type Marks } from '@/components/movement';
import type { Movement } from '../api/models';

interface MovementTableProps {
  title: string;
  movement: Movement;
  stays: (row: number, column: number) => boolean;
  marks?: Marks;
  rowMarks: Marks;
}

/** Where customers of each segment go, told first and then shown. */
export function MovementTable({ title, movement, ...how }: MovementTableProps) {
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <h3 className="text-small">{title}</h3>
      <p className="text-small text-soft">{movement.sentence}</p>
      {movement.n_customers > 0 ? <MovementMatrix title={title} movement={movement} {...how} /> : null}
    </div>
  );
}
