import { useCallback } from 'react';
import type { EChartsOption } from 'echarts';
import { Chart, type ChartData } from '@/charts/chart';
import { axis, tooltip, type ChartInk } from '@/charts/ink';
import { Badge } from '@/components/states';
import { formatCalendarDay, formatCount, formatNumber, formatShare } from '@/lib/format';
import type { Value } from '../api/views';

type Record = Value['record'];

const signed = (share: number | null): string => (share === null ? '–' : `${share > 0 ? '+' : share < 0 ? '−' : ''}${formatShare(Math.abs(share))}`);

/** How such forecasts did before, next to the simplest ones. */
export function ForecastRecord({ record }: { record: Record }) {
  const chosen = record.scores.find(({ name }) => name === record.chosen);
  const better = record.best === record.chosen ? null : record.best;
  return (
    <div className="flex flex-col gap-4">
      <p>
        {better === null ? <Badge tone="good">Better than the simple ways</Badge> : <Badge tone="warn">{better} did better</Badge>}{' '}
        {chosen ? (
          <>
            A forecast made on {formatCalendarDay(record.made_at)} for {formatCount(record.n_customers)} customers expected {formatNumber(chosen.expected)} orders until {formatCalendarDay(record.until)}; {formatNumber(chosen.actual)} came ({signed(chosen.total_error)}).
          </>
        ) : null}
        {better === null ? null : ` On these orders ${better} forecast better than the model, so take the figures below with care.`}
      </p>
      <table className="w-full text-small">
        <caption className="sr-only">Forecasts compared with what came</caption>
        <thead className="text-soft">
          <tr>
            <th scope="col" className="py-1.5 text-left font-normal">Forecast by</th>
            <th scope="col" className="py-1.5 pl-3 text-right font-normal max-md:hidden">Expected</th>
            <th scope="col" className="py-1.5 pl-3 text-right font-normal max-md:hidden">Came</th>
            <th scope="col" className="py-1.5 pl-3 text-right font-normal">Error in total</th>
            <th scope="col" className="py-1.5 pl-3 text-right font-normal">Best tenth found</th>
          </tr>
        </thead>
        <tbody>
          {record.scores.map((score) => (
            <tr key={score.name} className="border-t border-line">
              <th scope="row" className={`py-2 text-left ${score.name === record.chosen ? 'font-strong' : 'font-normal'}`}>
                {score.name} {score.name === record.chosen ? <span className="font-normal text-soft">(used)</span> : null}
              </th>
              <td className="py-2 pl-3 text-right max-md:hidden">{formatNumber(score.expected)}</td>
              <td className="py-2 pl-3 text-right max-md:hidden">{formatNumber(score.actual)}</td>
              <td className="py-2 pl-3 text-right">{signed(score.total_error)}</td>
              <td className="py-2 pl-3 text-right">{score.top_found === null ? '–' : formatShare(score.top_found)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {chosen ? <DecileChart deciles={chosen.by_decile} name={chosen.name} /> : null}
    </div>
  );
}

/** Tenths of the customers by what was expected of them, with what came. */
function DecileChart({ deciles, name }: { deciles: Record['scores'][number]['by_decile']; name: string }) {
  const build = useCallback(
    (ink: ChartInk): EChartsOption => ({
      grid: { left: 64, right: 12, top: 28, bottom: 44 },
      xAxis: { type: 'category', data: deciles.map((_, index) => String(index + 1)), ...axis(ink, { name: 'Tenths of the customers, lowest expectation first' }, false) },
      yAxis: { type: 'value', ...axis(ink, { name: 'Orders per customer' }, true), nameGap: 44 },
      tooltip: { ...tooltip(ink), trigger: 'axis', valueFormatter: (value) => formatNumber(value as number) },
      series: [
        { type: 'bar', name: 'Came', data: deciles.map(([, actual = 0]) => actual), itemStyle: { color: ink.line, borderColor: ink.soft, borderWidth: 1 }, barWidth: '60%' },
        {
          type: 'line',
          name: 'Expected',
          data: deciles.map(([expected = 0], index) => ({
            value: expected,
            label: { show: index === deciles.length - 1, position: 'top' as const, formatter: 'Expected', color: ink.ink, fontSize: 12 },
          })),
          symbol: 'circle',
          symbolSize: 8,
          lineStyle: { color: ink.accent, width: 2 },
          itemStyle: { color: ink.accent },
        },
      ],
    }),
    [deciles],
  );
  const data = useCallback((): ChartData => ({ columns: ['tenth', 'expected', 'came'], rows: deciles.map(([expected = 0, actual = 0], index) => [index + 1, expected, actual]) }), [deciles]);
  return (
    <Chart
      label={`Orders expected by ${name} and orders that came, by tenths of the customers`}
      explanation="Customers are ordered by what was expected of them. Where the line follows the bars, the forecast told good customers from others."
      height={260}
      build={build}
      data={data}
      filename="forecast-record"
    />
  );
}
