import { useCallback } from 'react';
import type { EChartsOption } from 'echarts';
import { Chart, type ChartData } from '@/charts/chart';
import { axis, tooltip, type ChartInk } from '@/charts/ink';
import { Figure, Section } from '@/components/layout';
import { Bar, SegmentName } from '@/components/segment';
import { Empty } from '@/components/states';
import { formatCount, formatDate, formatShare } from '@/lib/format';
import { segmentVariable } from '@/lib/palette';
import type { Statistics as Figures } from '../api/statistics';

interface StatisticsProps {
  figures: Figures;
  /** The segment of the model in use that has this name; older versions had others. */
  segmentNamed: (name: string) => number | undefined;
}

export function Statistics({ figures, segmentNamed }: StatisticsProps) {
  const { users_by_role: roles, total_users: users } = figures;
  return (
    <div className="grid grid-cols-1 gap-6 lg:grid-cols-2">
      <dl className="col-span-full grid grid-cols-2 gap-4 rounded-card border border-line bg-surface p-5 md:grid-cols-4">
        <Figure label="Users" value={formatCount(users)} note={`${formatCount(figures.active_users)} active, ${formatCount(figures.inactive_users)} inactive`} />
        <Figure label="Predictions" value={formatCount(figures.total_predictions)} note="by all users" />
        <Figure label="Saved customers" value={formatCount(figures.total_profiles)} note="by all users" />
        <Figure label="Segments predicted" value={formatCount(figures.segments.length)} note="by name" />
      </dl>
      <Section title="Predictions per day" note="Last 30 days, UTC" className="col-span-full">
        {figures.predictions_per_day.some(({ predictions }) => predictions > 0) ? (
          <PerDay days={figures.predictions_per_day} />
        ) : (
          <Empty icon="history" title="No predictions in the last 30 days">
            Predictions by all users are shown here, day by day.
          </Empty>
        )}
      </Section>
      <Section title="Users by role">
        <Shares rows={(['user', 'analyst', 'admin'] as const).map((role) => ({ name: role, count: roles[role], share: users ? roles[role] / users : 0 }))} />
      </Section>
      <Section title="Predictions by segment" note="Share of all predictions">
        {figures.segments.length > 0 ? (
          <Shares rows={figures.segments.map((segment) => ({ name: segment.cluster_name, count: segment.predictions, share: segment.share, segment: segmentNamed(segment.cluster_name) ?? -1 }))} />
        ) : (
          <Empty icon="analyse" title="No predictions yet">
            Once customers have been placed in segments, the share of each segment is shown here.
          </Empty>
        )}
      </Section>
    </div>
  );
}

function Shares({ rows }: { rows: readonly { name: string; count: number; share: number; segment?: number }[] }) {
  return (
    <ul className="flex flex-col gap-3 text-small">
      {rows.map(({ name, count, share, segment }) => (
        <li key={name} className="flex flex-col gap-1">
          <span className="flex justify-between gap-4">
            {segment === undefined ? (
              <span className="truncate" title={name}>
                {name}
              </span>
            ) : (
              <SegmentName segment={segment} name={name} />
            )}
            <span className="whitespace-nowrap tabular-nums">
              {formatCount(count)} <span className="inline-block w-10 text-right text-soft">{formatShare(share)}</span>
            </span>
          </span>
          <Bar share={share} {...(segment === undefined ? {} : { color: segmentVariable(segment) })} />
        </li>
      ))}
    </ul>
  );
}

function PerDay({ days }: { days: Figures['predictions_per_day'] }) {
  const build = useCallback(
    (ink: ChartInk): EChartsOption => ({
      grid: { left: 48, right: 12, top: 12, bottom: 28 },
      xAxis: { type: 'category', data: days.map(({ date }) => formatDate(date)), ...axis(ink, { name: '' }, false) },
      yAxis: { type: 'value', minInterval: 1, ...axis(ink, { name: 'Predictions' }, true), nameGap: 34 },
      tooltip: { ...tooltip(ink), trigger: 'axis' },
      series: [{ type: 'bar', name: 'Predictions', data: days.map(({ predictions }) => predictions), itemStyle: { color: ink.accent, borderRadius: [2, 2, 0, 0] } }],
    }),
    [days],
  );
  const data = useCallback((): ChartData => ({ columns: ['date', 'predictions'], rows: days.map(({ date, predictions }) => [date, predictions]) }), [days]);
  return <Chart label="Predictions per day, last 30 days" explanation="How many customers all users placed in a segment each day." height={220} build={build} data={data} filename="predictions-per-day" />;
}
