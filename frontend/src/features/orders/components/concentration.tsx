import { useCallback } from 'react';
import type { EChartsOption } from 'echarts';
import { Chart, type ChartData } from '@/charts/chart';
import { axis, tooltip, type ChartInk } from '@/charts/ink';
import { Figure } from '@/components/layout';
import { formatCount, formatMoney, formatScore, formatShare } from '@/lib/format';
import type { Concentration as Report } from '../api/views';

/** Who has brought the money: the shares of the top customers, and the Lorenz curve. */
export function Concentration({ report }: { report: Report }) {
  const { curve } = report;
  const build = useCallback(
    (ink: ChartInk): EChartsOption => ({
      grid: { left: 64, right: 16, top: 12, bottom: 44 },
      xAxis: { type: 'value', min: 0, max: 1, ...axis(ink, { name: 'Share of customers, lowest first' }, false), axisLabel: { color: ink.soft, fontSize: 12, formatter: formatShare } },
      yAxis: { type: 'value', min: 0, max: 1, ...axis(ink, { name: 'Share of the money' }, true), axisLabel: { color: ink.soft, fontSize: 12, formatter: formatShare } },
      tooltip: {
        ...tooltip(ink),
        trigger: 'axis',
        formatter: (items) => {
          const [{ value: [customers = 0, money = 0] } = { value: [] }] = items as unknown as { value: number[] }[];
          return `The lowest ${formatShare(customers)} of the customers<br>bring ${formatShare(money)} of the money`;
        },
      },
      series: [
        { type: 'line', name: 'Money', data: curve.map((point) => [...point]), showSymbol: false, areaStyle: { color: ink.accent, opacity: 0.12 }, lineStyle: { color: ink.accent, width: 2 }, itemStyle: { color: ink.accent } },
        { type: 'line', name: 'Everyone alike', data: [[0, 0], [1, 1]], showSymbol: false, silent: true, tooltip: { show: false }, lineStyle: { color: ink.soft, width: 1, type: 'dashed' as const } },
      ],
    }),
    [curve],
  );
  const data = useCallback((): ChartData => ({ columns: ['share of customers', 'share of money'], rows: curve.map(([customers = 0, money = 0]) => [customers, money]) }), [curve]);
  return (
    <div className="flex flex-col gap-5">
      <dl className="grid grid-cols-2 gap-4 md:grid-cols-4">
        {report.top.map(({ part, customers, money, share_of_money }) => (
          <Figure key={part} label={`Top ${formatShare(part)} of customers`} value={formatShare(share_of_money)} note={`of the money: ${formatCount(customers)} bring ${formatMoney(money, report.currency)}`} />
        ))}
      </dl>
      <Chart
        label="Share of the money by share of the customers"
        explanation={`The further the curve hangs below the dashed line, the fewer customers bring most of the money (Gini ${formatScore(report.gini)}: 0 if all brought the same, near 1 if one brought everything).`}
        height={280}
        build={build}
        data={data}
        filename="concentration"
      />
    </div>
  );
}
