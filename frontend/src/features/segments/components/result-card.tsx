import { useEffect, useRef } from 'react';
import { Explained } from '@/components/explained';
import { Badge, Empty } from '@/components/states';
import { OWN, type Marks } from '@/components/movement';
import { Bar, SegmentMark } from '@/components/segment';
import { NUMBER_FIELDS } from '@/lib/customer';
import { formatIncome, formatNumber, formatShare, likelihoodOf } from '@/lib/format';
import { segmentVariable } from '@/lib/palette';
import type { Clusters, Segment } from '../api/get-clusters';
import type { Prediction } from '../api/predict';

const AVERAGE = {
  age: 'avg_age',
  annual_income: 'avg_income',
  spending_score: 'avg_spending_score',
  purchase_frequency: 'avg_purchase_frequency',
} as const satisfies Record<string, keyof Segment>;

interface ResultProps {
  clusters: Clusters;
  marks?: Marks;
}

export function ResultCard({ prediction, clusters, marks }: ResultProps & { prediction: Prediction | null }) {
  const card = useRef<HTMLDivElement>(null);
  // On a phone the answer is below the form, and the bar at the bottom is over what is behind it.
  useEffect(() => {
    if (prediction !== null) card.current?.scrollIntoView({ block: 'nearest' });
  }, [prediction]);
  return (
    <div ref={card} aria-live="polite" className="scroll-mt-20 scroll-mb-24 md:scroll-mb-6">
      {prediction === null ? (
        <Empty icon="dashboard" title="The result appears here">
          It includes the confidence and how the customer compares with the segment average. To try it, choose Fill in an example, then Predict segment.
        </Empty>
      ) : (
        <Result prediction={prediction} clusters={clusters} marks={marks} />
      )}
    </div>
  );
}

function nextNearest(prediction: Prediction, clusters: Clusters): string | undefined {
  const order = prediction.distances.map((distance, id) => ({ distance, id })).sort((a, b) => a.distance - b.distance);
  return clusters.clusters.find((segment) => segment.cluster_id === order[1]?.id)?.cluster_name;
}

/** Where in its segment a customer is, by the confidence. */
function placeOf(confidence: number): string {
  if (confidence >= 60) return 'close to the middle of this segment';
  return confidence >= 30 ? 'inside this segment, but not near its middle' : 'near the border of this segment';
}

function Result({ prediction, clusters, marks = OWN }: ResultProps & { prediction: Prediction }) {
  const { cluster, confidence, customer_data: customer, outlier } = prediction;
  const next = nextNearest(prediction, clusters);
  const segment = clusters.clusters.find((each) => each.cluster_id === cluster);
  // The owner's name where there is one; of another model than the one that placed, its own.
  const name = prediction.model_version === clusters.model_version ? (segment?.cluster_name ?? prediction.cluster_name) : prediction.cluster_name;
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-col gap-2">
        <p className="flex items-center gap-3 text-title font-strong [overflow-wrap:anywhere]" data-testid="segment">
          <SegmentMark segment={marks(cluster)} size={20} />
          {name}
        </p>
        <div className="flex items-center gap-3">
          <div className="max-w-72 grow">
            <Bar share={confidence / 100} color={segmentVariable(marks(cluster))} />
          </div>
          <span className="text-small tabular-nums">
            {confidence}% confidence<Explained term="confidence" figure={`Confidence ${confidence}%`} />
          </span>
        </div>
        <p>
          <span className="inline-block font-strong first-letter:uppercase">{outlier ? 'far from all segments' : likelihoodOf(prediction)}</span>
          {prediction.probability === null || outlier ? null : <Explained term="probability" figure={`Probability ${formatShare(prediction.probability)}`} />}
          <span className="text-soft">
            {outlier ? '; this is only the nearest segment' : `, ${placeOf(confidence)}`}
            {next ? `; the next nearest is ${next}.` : '.'}
          </span>
        </p>
        {outlier ? (
          <p>
            <Badge tone="warn">Unusual customer</Badge> <span className="text-small text-soft">Farther from every segment than 99% of the customers the model was trained on.</span>
          </p>
        ) : null}
      </div>
      {segment ? (
        <table className="w-full text-small">
          <caption className="pb-2 text-left font-strong">This customer compared with the segment average</caption>
          <thead className="text-soft">
            <tr>
              <th scope="col" className="py-1 text-left font-normal">
                Feature
              </th>
              <th scope="col" className="py-1 pl-3 text-right font-normal">
                Customer
              </th>
              <th scope="col" className="py-1 pl-3 text-right font-normal">
                Average
              </th>
              <th scope="col" className="py-1 pl-3 text-right font-normal">
                Difference
              </th>
            </tr>
          </thead>
          <tbody>
            {NUMBER_FIELDS.map(({ name: field, label }) => {
              const show = field === 'annual_income' ? formatIncome : formatNumber;
              const difference = customer[field] - segment[AVERAGE[field]];
              return (
                <tr key={field} className="border-t border-line">
                  <th scope="row" className="py-2 text-left font-normal">
                    {label}
                  </th>
                  <td className="py-2 pl-3 text-right">{show(customer[field])}</td>
                  <td className="py-2 pl-3 text-right text-soft">{show(segment[AVERAGE[field]])}</td>
                  <td className="py-2 pl-3 text-right">
                    {difference > 0 ? '+' : difference < 0 ? '−' : ''}
                    {show(Math.abs(difference))}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      ) : null}
    </div>
  );
}
