import { formatCount, formatShare } from '@/lib/format';
import type { Movement } from '../api/models';

/** Where customers of each segment go: rows before, columns after; whoever stays is plain. */
export function MovementTable({ title, movement }: { title: string; movement: Movement }) {
  const { rows, columns, matrix } = movement;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <h3 className="text-small">{title}</h3>
      <p className="text-small text-soft">{movement.sentence}</p>
      {movement.n_customers > 0 ? (
        <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={title}>
          <table className="w-full text-small">
            <caption className="sr-only">{title}</caption>
            <thead>
              <tr>
                <th scope="col" className="py-1.5 pr-3 text-left font-normal text-soft">
                  From ↓ to →
                </th>
                {columns.map((name, index) => (
                  <th key={index} scope="col" className="max-w-36 truncate px-2 py-1.5 text-right font-normal text-soft" title={name}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {matrix.map((counts, row) => {
                const total = counts.reduce((sum, count) => sum + count, 0);
                return (
                  <tr key={row} className="border-t border-line">
                    <th scope="row" className="max-w-48 truncate py-1.5 pr-3 text-left font-normal" title={rows[row]}>
                      {rows[row]}
                    </th>
                    {counts.map((count, column) => {
                      const stays = rows[row] === columns[column];
                      const share = total > 0 ? count / total : 0;
                      return (
                        <td
                          key={column}
                          title={total > 0 ? `${formatShare(share)} of ${rows[row] ?? ''}` : undefined}
                          className={`px-2 py-1.5 text-right ${count === 0 ? 'text-soft' : stays ? '' : 'bg-warn-soft font-strong text-warn'}`}
                        >
                          {formatCount(count)}
                        </td>
                      );
                    })}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      ) : null}
    </div>
  );
}
