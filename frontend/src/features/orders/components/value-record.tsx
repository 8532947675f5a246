import { useCallback } from 'react';
import type { EChartsOption } from 'echarts';
import { Chart, type ChartData } from '@/charts/chart';
import { axis, tooltip, type ChartInk } from '@/charts/ink';
import { Badge } from '@/components/states';
import { formatCalendarDay, formatCount, formatMoney, formatNumber, formatShare } from '@/lib/format';
import type { Value } from '../api/views';

type Record = Value['record'];
type Score = Record['scores'][number];
type Shown = (amount: number) => string;

const signed = (share: number | null): string => (share === null ? '–' : `${share > 0 ? '+' : share < 0 ? '−' : ''}${formatShare(Math.abs(share))}`);

/** How such forecasts did before, next to the simplest ones. */
export function ForecastRecord({ value: { record, currency } }: { value: Value }) {
  const [used] = record.scores;
  if (used === undefined) return null;
  const winner = record.scores.find(({ name }) => name === record.winners.total_error);
  return (
    <div className="flex flex-col gap-6">
      <p>
        {winner?.naive === true ? <Badge tone="warn">A simpler forecast did better</Badge> : <Badge tone="good">Closer than the simple forecasts</Badge>} A forecast made on {formatCalendarDay(record.made_at)} for {formatCount(record.n_customers)} customers
        expected {formatNumber(Math.round(used.expected))} orders by {formatCalendarDay(record.until)}. There were {formatNumber(used.actual)} ({signed(used.total_error)}).
      </p>
      <Scores title="Orders" scores={record.scores} show={(amount) => formatNumber(Math.round(amount))} />
      <DecileChart what="Orders per customer" score={used} show={formatNumber} />
      {record.money?.scores[0] ? (
        <>
          <Scores title="Money" scores={record.money.scores} show={(amount) => formatMoney(amount, currency)} />
          <DecileChart what="Money per customer" score={record.money.scores[0]} show={(amount) => formatMoney(amount, currency)} />
        </>
      ) : null}
    </div>
  );
}

function Scores({ title, scores, show }: { title: string; scores: readonly Score[]; show: Shown }) {
  return (
    <div className="flex flex-col gap-1">
      <h3>{title}</h3>
      <table className="w-full text-small">
        <caption className="sr-only">{title}: forecasts compared with what happened</caption>
        <thead className="text-soft">
          <tr>
            <th scope="col" className="py-1.5 text-left font-normal">Forecast</th>
            <th scope="col" className="py-1.5 pl-3 text-right font-normal max-md:hidden">Expected</th>
            <th scope="col" className="py-1.5 pl-3 text-right font-normal max-md:hidden">Actual</th>
            <th scope="col" className="py-1.5 pl-3 text-right font-normal">Error in total</th>
            <th scope="col" className="py-1.5 pl-3 text-right font-normal" title="Mean error within a tenth of the customers">Error by tenths</th>
            <th scope="col" className="py-1.5 pl-3 text-right font-normal" title="Share of the real top tenth of the customers that it found">Best tenth found</th>
          </tr>
        </thead>
        <tbody>
          {scores.map((score, index) => (
            <tr key={score.name} className="border-t border-line">
              <th scope="row" className={`py-2 text-left ${index === 0 ? 'font-strong' : 'font-normal'}`}>
                {score.name} <span className="font-normal text-soft">{index === 0 ? '(used)' : score.naive ? '(simple)' : ''}</span>
              </th>
              <td className="py-2 pl-3 text-right max-md:hidden">{show(score.expected)}</td>
              <td className="py-2 pl-3 text-right max-md:hidden">{show(score.actual)}</td>
              <td className="py-2 pl-3 text-right">{signed(score.total_error)}</td>
              <td className="py-2 pl-3 text-right">{score.decile_error === null ? '–' : formatShare(score.decile_error)}</td>
              <td className="py-2 pl-3 text-right">{score.top_found === null ? '–' : formatShare(score.top_found)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Tenths of the customers by what was expected of them, with what came. */
function DecileChart({ what, score: { name, by_decile: deciles }, show }: { what: string; score: Score; show: Shown }) {
  const build = useCallback(
    (ink: ChartInk): EChartsOption => ({
      grid: { left: 64, right: 12, top: 28, bottom: 44 },
      xAxis: { type: 'category', data: deciles.map((_, index) => String(index + 1)), ...axis(ink, { name: 'Tenths of the customers, lowest forecast first' }, false) },
      yAxis: { type: 'value', ...axis(ink, { name: what }, true), nameGap: 44 },
      tooltip: { ...tooltip(ink), trigger: 'axis', valueFormatter: (value) => show(value as number) },
      series: [
        { type: 'bar', name: 'Actual', data: deciles.map(([, actual = 0]) => actual), itemStyle: { color: ink.line, borderColor: ink.soft, borderWidth: 1 }, barWidth: '60%' },
        {
          type: 'line',
          name: 'Forecast',
          data: deciles.map(([expected = 0], index) => ({
            value: expected,
            label: { show: index === deciles.length - 2, position: 'left' as const, formatter: 'Forecast', color: ink.ink, fontSize: 12, textBorderColor: ink.surface, textBorderWidth: 3 },
          })),
          symbol: 'circle',
          symbolSize: 8,
          lineStyle: { color: ink.accent, width: 2 },
          itemStyle: { color: ink.accent },
        },
      ],
    }),
    [deciles, what, show],
  );
  const data = useCallback((): ChartData => ({ columns: ['tenth', 'forecast', 'actual'], rows: deciles.map(([expected = 0, actual = 0], index) => [index + 1, expected, actual]) }), [deciles]);
  return (
    <Chart
      label={`${what}: forecast by ${name} and actual, by tenths of the customers`}
      explanation="Customers are sorted by their forecast; bars are what happened. Where the line follows the bars, the forecast separated good customers from the others."
      height={240}
      build={build}
      data={data}
      filename={`forecast-record-${what.split(' ')[0]?.toLowerCase() ?? ''}`}
    />
  );
}
