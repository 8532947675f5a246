import { useCallback, useMemo } from 'react';
import type { ChartData } from '@/charts/chart';
import { HeatMap, type HeatCell } from '@/charts/heat-map';
import { escapeText } from '@/charts/ink';
import { formatCount, formatMoney, formatNumber, formatShare, plural } from '@/lib/format';
import { useIsNarrow } from '@/lib/narrow';
import type { Rfm, RfmCell } from '../api/views';

export type RfmMeasure = 'customers' | 'orders' | 'money';

const SCORES = [1, 2, 3, 4, 5];
const FIGURES: Record<string, string | undefined> = { recency: 'Days since the last order', frequency: 'Orders', monetary: 'Money' };

/** What a score of 1 to 5 stands for, in the words of its cut points: "3 to 5" orders. */
export function scoreLabels({ edges, highest_scores, unit }: Rfm['cut_points'][number]): string[] {
  const isCounted = unit !== 'money';
  const bands = [...edges, null].map((edge, index) => {
    const below = index === 0 ? null : (edges[index - 1] ?? null);
    if (below === null) return `up to ${formatNumber(edge)}`;
    if (!isCounted) return edge === null ? `over ${formatNumber(below)}` : `${formatNumber(below)} to ${formatNumber(edge)}`;
    const least = Math.floor(below) + 1;
    if (edge === null) return `${formatNumber(least)} or more`;
    return Math.floor(edge) === least ? formatNumber(least) : `${formatNumber(least)} to ${formatNumber(Math.floor(edge))}`;
  });
  return highest_scores === 'smallest' ? bands.reverse() : bands;
}

const amountOf = (cell: RfmCell, measure: RfmMeasure): number => cell[measure] ?? 0;

interface RfmGridProps {
  rfm: Rfm;
  measure: RfmMeasure;
  onPick: (cell: RfmCell) => void;
}

/** Recency by frequency: 25 cells, each with its segment, coloured by what it holds. */
export function RfmGrid({ rfm, measure, onPick }: RfmGridProps) {
  const isNarrow = useIsNarrow();
  const most = Math.max(1, ...rfm.grid.map((cell) => amountOf(cell, measure)));
  const show = useCallback((cell: RfmCell): string => (measure === 'money' ? formatMoney(cell.money, rfm.currency) : formatCount(cell[measure])), [measure, rfm.currency]);
  const cells = useMemo(
    (): HeatCell[] =>
      rfm.grid.map((cell) => ({
        x: cell.frequency - 1,
        y: cell.recency - 1,
        heat: Math.max(0, amountOf(cell, measure)) / most,
        lines: isNarrow ? [show(cell)] : [cell.segment, show(cell)],
        tip: `<b>${escapeText(cell.segment)}</b><br>${plural(cell.customers, 'customer')} (${formatShare(cell.customers / Math.max(1, rfm.n_customers))})<br>${plural(cell.orders, 'order')}${cell.money === null ? '' : `<br>${formatMoney(cell.money, rfm.currency)}`}`,
      })),
    [rfm, measure, most, show, isNarrow],
  );
  const labelsOf = (figure: string): string[] => {
    const cuts = rfm.cut_points.find((each) => each.figure === figure);
    return cuts ? scoreLabels(cuts) : SCORES.map(String);
  };
  const xs = { name: 'Orders per customer', labels: labelsOf('frequency') };
  const ys = { name: 'Days since the last order', labels: labelsOf('recency') };
  const data = useCallback(
    (): ChartData => ({
      columns: ['segment', 'recency score', 'frequency score', 'customers', 'orders', 'money'],
      rows: rfm.grid.map((cell) => [cell.segment, cell.recency, cell.frequency, cell.customers, cell.orders, cell.money]),
    }),
    [rfm.grid],
  );
  return (
    <HeatMap
      label={`Customers by how recently and how often they ordered, coloured by ${measure}`}
      explanation="Each cell is a group of customers: further up they ordered more recently, further right more often. The stronger the colour, the more it holds. Choose a cell to see its customers."
      xs={xs}
      ys={ys}
      cells={cells}
      data={data}
      filename="rfm-grid"
      height={isNarrow ? 380 : 420}
      left={isNarrow ? 76 : 96}
      onPick={(index) => {
        const cell = rfm.grid[index];
        if (cell) onPick(cell);
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
              {FIGURES[cuts.figure] ?? cuts.figure}
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
