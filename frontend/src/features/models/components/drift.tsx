import { TextLink } from '@/components/button';
import { Badge, Notice } from '@/components/states';
import { NUMBER_FIELDS } from '@/lib/customer';
import { formatIncome, formatNumber, formatScore } from '@/lib/format';
import { useDrift, type Drift as Report } from '../api/models';

const VERDICTS = {
  'too few predictions': { tone: 'plain', text: 'Not enough predictions' },
  stable: { tone: 'good', text: 'Stable' },
  watch: { tone: 'warn', text: 'Some drift' },
  retrain: { tone: 'danger', text: 'Retraining recommended' },
} as const;

/** A column by the name it has in the form. */
const labelOf = (column: string): string => NUMBER_FIELDS.find(({ name }) => name === column)?.label ?? column;
const meanOf = (column: string, mean: number): string => (column === 'annual_income' ? formatIncome(mean) : formatNumber(mean));

/** Says that recent customers are no longer those the model was trained on, where that is so. */
export function DriftAlarm({ version }: { version: number }) {
  const drift = useDrift(version);
  if (drift.data?.alarm !== true) return null;
  const { verdict, sentence } = drift.data;
  return (
    <Notice tone={verdict === 'retrain' ? 'danger' : 'warn'}>
      <p role="status">
        <span className="font-strong">{VERDICTS[verdict].text}.</span> {sentence} <TextLink to={`/models/${version}`}>See what changed</TextLink>
      </p>
    </Notice>
  );
}

export function Drift({ report }: { report: Report }) {
  const { tone, text } = VERDICTS[report.verdict];
  return (
    <div className="flex flex-col gap-3">
      <p>
        <Badge tone={tone}>{text}</Badge>
      </p>
      <p className="text-small text-soft">{report.sentence}</p>
      {report.features.length + report.categories.length > 0 ? (
        <table className="w-full text-small">
          <caption className="sr-only">Drift by feature</caption>
          <thead className="text-soft">
            <tr>
              <th scope="col" className="py-1.5 text-left font-normal">
                Feature
              </th>
              <th scope="col" className="py-1.5 text-right font-normal">
                Trained on
              </th>
              <th scope="col" className="py-1.5 text-right font-normal">
                Recent
              </th>
              <th scope="col" className="py-1.5 text-right font-normal" title="Population stability index beyond chance: up to 0.1 no drift, above 0.25 large">
                Drift
              </th>
            </tr>
          </thead>
          <tbody>
            {report.features.map((feature) => (
              <tr key={feature.feature} className="border-t border-line">
                <th scope="row" className="py-1.5 text-left font-normal">
                  {labelOf(feature.feature)}
                </th>
                <td className="py-1.5 text-right">{meanOf(feature.feature, feature.training_mean)}</td>
                <td className="py-1.5 text-right">{meanOf(feature.feature, feature.recent_mean)}</td>
                <td className="py-1.5 text-right" title={`Population stability index ${formatScore(feature.population_stability_index)}`}>
                  {feature.drift}
                </td>
              </tr>
            ))}
            {report.categories.map((each) => (
              <tr key={each.column} className="border-t border-line">
                <th scope="row" className="py-1.5 text-left font-normal">
                  {each.column}
                </th>
                <td className="py-1.5 text-right text-soft" colSpan={2}>
                  by the shares of its values
                </td>
                <td className="py-1.5 text-right" title={`Population stability index ${formatScore(each.population_stability_index)}`}>
                  {each.drift}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </div>
  );
}
