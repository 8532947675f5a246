import { Button } from '@/components/button';
import { Explained } from '@/components/explained';
import { Bar, SegmentName } from '@/components/segment';
import { Section } from '@/components/layout';
import { Notice } from '@/components/states';
import { Verdict } from '@/components/verdict';
import { save } from '@/lib/client';
import { csvFile } from '@/lib/csv';
import { fileNameOf } from '@/lib/file-name';
import { formatScore, formatShare, plural } from '@/lib/format';
import { separationOf } from '@/lib/meanings';
import { segmentVariable } from '@/lib/palette';
import type { Analysis, Recommendations } from '../api/analyse';
import { segmentedCustomers } from './segmented-customers';

export function AnalysisView({ analysis, advice }: { analysis: Analysis; advice: Recommendations }) {
  const structure = analysis.validation?.structure ?? analysis.structure;
  const certainty = analysis.validation?.certainty;
  const stability = new Map(analysis.validation?.stability?.segments.map((segment) => [segment.cluster, segment]));
  const leftOut = Object.entries(analysis.columns.leftOut).map(([name, why]) => `${name} (${why})`);
  const { warnings } = analysis;
  const importance = Object.entries(analysis.featureImportance).sort(([, a], [, b]) => b - a);
  return (
    <div className="flex flex-col gap-6" aria-live="polite">
      {structure ? (
        <Section title="Are they real?">
          <Verdict
            structure={{ ...structure, p: structure.pValue }}
            stability={analysis.validation?.stability ?? null}
            certainty={certainty ? { ...certainty, criteria: certainty.criteria.map(({ nClusters }) => ({ n_clusters: nClusters })) } : null}
            taken={{ count: analysis.nClusters }}
          />
        </Section>
      ) : null}
      {warnings.length > 0 ? (
        <Notice tone="warn">
          {warnings.map((warning) => (
            <p key={warning}>{warning}</p>
          ))}
        </Notice>
      ) : null}
      <section aria-labelledby="found" className="flex flex-col gap-3">
        <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 md:flex-nowrap">
          <div className="min-w-0">
            <h2 id="found">The segments</h2>
            <p className="text-small text-soft">
              {separationOf(analysis.silhouette, structure?.verdict)}<Explained term="silhouette" figure={`Silhouette ${formatScore(analysis.silhouette)}`} />
            </p>
            <p className="text-small text-soft">{analysis.recipe.sentence}</p>
            {leftOut.length > 0 ? <p className="text-small text-soft">Not used: {leftOut.join(', ')}.</p> : null}
          </div>
          <Button icon="download" className="shrink-0" onClick={() => save(csvFile(segmentedCustomers(analysis)), fileNameOf([plural(analysis.nCustomers, 'customer'), plural(analysis.nClusters, 'segment')], 'csv'))}>
            Download CSV
          </Button>
        </div>
        <ul className="grid grid-cols-1 gap-4 sm:grid-cols-2 lg:grid-cols-3">
          {analysis.clusters.map((cluster) => {
            const steady = stability.get(cluster.clusterId);
            return (
              <li key={cluster.clusterId} className="flex min-w-0 flex-col gap-3 rounded-card border border-line bg-surface p-4 md:p-5">
                <h3>
                  <SegmentName wrap segment={cluster.clusterId} name={cluster.clusterName} />
                </h3>
                <div className="flex flex-col gap-1.5">
                  <p className="flex justify-between text-small">
                    <span>{plural(cluster.size, 'customer')}</span>
                    <span className="text-soft">{formatShare(cluster.share)}</span>
                  </p>
                  <Bar share={cluster.share} color={segmentVariable(cluster.clusterId)} />
                </div>
                <ul className="flex flex-col gap-1 text-small">
                  {cluster.characteristics.map((text) => (
                    <li key={text}>{text}</li>
                  ))}
                </ul>
                {steady ? (
                  <p className="mt-auto text-small text-soft">
                    {steady.sentence}<Explained term="stability" figure={`Jaccard ${formatScore(steady.jaccard)}`} />
                  </p>
                ) : null}
              </li>
            );
          })}
        </ul>
      </section>
      <Section title="What to do">
        <ul className="flex list-disc flex-col gap-2 pl-5">
          {advice.recommendations.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </Section>
      <div className="grid grid-cols-1 gap-6 lg:grid-cols-2">
        <Section title="What matters" note={`A small decision tree on these columns places ${formatShare(analysis.accuracy)} of each segment’s customers correctly`}>
          <ul className="flex flex-col gap-3 text-small">
            {importance.map(([name, share]) => (
              <li key={name} className="flex flex-col gap-1">
                <span className="flex justify-between gap-4">
                  <span className="truncate">{name}</span>
                  <span className="tabular-nums">{formatShare(share)}</span>
                </span>
                <Bar share={share} />
              </li>
            ))}
          </ul>
        </Section>
        {analysis.validation && analysis.validation.rules.length > 0 ? (
          <Section title="One rule per segment" note="Use it to find the segment’s customers in a database">
            <dl className="flex flex-col gap-3 text-small">
              {analysis.validation.rules.map((rule) => (
                <div key={rule.cluster} className="flex flex-col gap-1">
                  <dt>
                    <SegmentName segment={rule.cluster} name={analysis.clusters.find(({ clusterId }) => clusterId === rule.cluster)?.clusterName ?? 'No segment'} />
                  </dt>
                  <dd className="[overflow-wrap:anywhere]" title={rule.sql}>
                    {rule.text}
                  </dd>
                  <dd className="text-soft">
                    {formatShare(rule.precision)} of the customers it selects belong to the segment; it finds {formatShare(rule.recall)} of the segment
                  </dd>
                </div>
              ))}
            </dl>
          </Section>
        ) : null}
      </div>
      {analysis.selection ? <p className="text-small text-soft">{analysis.selection.reason}</p> : null}
    </div>
  );
}
