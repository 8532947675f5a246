import { useCallback, useMemo } from 'react';
import type { ChartData } from '@/charts/chart';
import { HeatMap, type HeatCell } from '@/charts/heat-map';
import { escapeText } from '@/charts/ink';
import { formatCount, formatMoney, formatShare, plural } from '@/lib/format';
import { useIsNarrow } from '@/lib/narrow';
import type { Rfm, RfmCell } from '../api/views';
import { cellsAt, FIGURES, labelsOf, SCORES, scoreLabels, type Figure } from './rfm-scores';

export type RfmMeasure = 'customers' | 'orders' | 'money';

const amountOf = (cell: RfmCell, measure: RfmMeasure): number => cell[measure] ?? 0;

interface RfmGridProps {
  rfm: Rfm;
  measure: RfmMeasure;
  /** Only customers with this score of money; null for all. */
  monetary: number | null;
  onPick: (cell: RfmCell) => void;
}

/** What stands in a cell: its segment, or the first of those that money divides it into. */
const shortName = ({ segment, segments }: RfmCell): string => (segments.length > 1 ? `${segment} +${segments.length - 1}` : segment);

/** Recency by frequency: 25 cells, each with its segments, coloured by what it holds. */
export function RfmGrid({ rfm, measure, monetary, onPick }: RfmGridProps) {
  const isNarrow = useIsNarrow();
  const grid = useMemo(() => cellsAt(rfm, monetary), [rfm, monetary]);
  const most = Math.max(1, ...grid.map((cell) => amountOf(cell, measure)));
  const show = useCallback((cell: RfmCell): string => (measure === 'money' ? formatMoney(cell.money, rfm.currency) : formatCount(cell[measure])), [measure, rfm.currency]);
  const cells = useMemo(
    (): HeatCell[] =>
      grid.map((cell) => ({
        x: cell.frequency - 1,
        y: cell.recency - 1,
        heat: Math.max(0, amountOf(cell, measure)) / most,
        lines: cell.segments.length === 0 ? [] : isNarrow ? [show(cell)] : [shortName(cell), show(cell)],
        tip: `<b>${cell.segments.length === 0 ? 'No customers' : escapeText(cell.segments.join(', '))}</b><br>${plural(cell.customers, 'customer')} (${formatShare(cell.customers / Math.max(1, rfm.n_customers))})<br>${plural(cell.orders, 'order')}${cell.money === null ? '' : `<br>${formatMoney(cell.money, rfm.currency)}`}`,
      })),
    [rfm, grid, measure, most, show, isNarrow],
  );
  const xs = { name: 'Orders per customer', labels: labelsOf(rfm, 'frequency') };
  const ys = { name: 'Days since the last order', labels: labelsOf(rfm, 'recency') };
  const data = useCallback(
    (): ChartData => ({
      columns: ['segment', 'recency score', 'frequency score', 'customers', 'orders', 'money'],
      rows: grid.map((cell) => [cell.segments.join(', '), cell.recency, cell.frequency, cell.customers, cell.orders, cell.money]),
    }),
    [grid],
  );
  const isDivided = grid.some(({ segments }) => segments.length > 1);
  return (
    <HeatMap
      label={`Customers by how recently and how often they ordered, coloured by ${measure}`}
      explanation={`Each cell is a group of customers: further up they ordered more recently, further right more often. The stronger the colour, the more it holds.${isDivided ? ' +1 marks a cell that money divides into another segment.' : ''} Choose a cell to see its customers.`}
      xs={xs}
      ys={ys}
      cells={cells}
      data={data}
      filename="rfm-grid"
      height={isNarrow ? 380 : 420}
      left={isNarrow ? 76 : 96}
      onPick={(index) => {
        const cell = grid[index];
        if (cell && cell.segments.length > 0) onPick(cell);
      }}
    />
  );
}

/** Where the scores change, and which are empty. */
export function CutPoints({ rfm }: { rfm: Rfm }) {
  return (
    <table className="w-full text-small">
      <caption className="sr-only">Where the scores change</caption>
      <thead className="text-soft">
        <tr>
          <th scope="col" className="py-1.5 text-left font-normal">Score</th>
          {SCORES.map((score) => (
            <th key={score} scope="col" className="py-1.5 pl-3 text-right font-normal">
              {score}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rfm.cut_points.map((cuts) => (
          <tr key={cuts.figure} className="border-t border-line">
            <th scope="row" className="py-2 text-left font-normal">
              {FIGURES[cuts.figure as Figure].title}
            </th>
            {scoreLabels(cuts).map((label, index) => (
              <td key={index} className="py-2 pl-3 text-right">
                {cuts.empty_scores.includes(index + 1) ? <span className="text-soft">no one</span> : label}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
