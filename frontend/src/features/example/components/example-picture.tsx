import { SegmentMark, SegmentPoint } from '@/components/segment';
import { formatCount, formatShare } from '@/lib/format';
import type { Example } from '../api/get-example';

const [WIDTH, HEIGHT, EDGE] = [640, 420, 16];

function scale(values: readonly number[], from: number, to: number): (value: number) => number {
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  return (value) => from + ((value - low) / span) * (to - from);
}

/** The example's customers, drawn lightly enough for the first page. */
export function ExamplePicture({ example }: { example: Example }) {
  const { annual_income: income, spending_score: spending, cluster, segments } = example;
  const x = scale(income, EDGE, WIDTH - EDGE);
  const y = scale(spending, HEIGHT - EDGE, EDGE);
  return (
    <figure className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-col gap-1 rounded-card border border-line bg-surface p-3">
        <span className="text-small text-soft">↑ Spending score</span>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${example.n_customers} example customers by income and spending, in ${segments.length} segments`} fillOpacity={0.75} className="w-full">
          {cluster.map((segment, index) => (
            <SegmentPoint key={index} segment={segment} x={x(income[index] ?? 0)} y={y(spending[index] ?? 0)} size={9} />
          ))}
        </svg>
        <span className="self-end text-small text-soft">Annual income →</span>
      </div>
      <ul aria-label="Segments of the example" className="flex flex-wrap gap-x-5 gap-y-1 text-small">
        {segments.map((segment) => (
          <li key={segment.cluster_id} className="flex items-center gap-2">
            <SegmentMark segment={segment.cluster_id} size={10} />
            {segment.cluster_name} <span className="text-soft">{formatShare(segment.share)}</span>
          </li>
        ))}
      </ul>
      <figcaption className="text-small text-soft">
        {formatCount(example.n_customers)} synthetic customers, segmented by this server. Each point is one customer.
      </figcaption>
    </figure>
  );
}
