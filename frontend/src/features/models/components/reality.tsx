import { useState } from 'react';
import { Button } from '@/components/button';
import { Explained } from '@/components/explained';
import { Section } from '@/components/layout';
import { SegmentName } from '@/components/segment';
import { Problem } from '@/components/states';
import { Verdict } from '@/components/verdict';
import { formatScore } from '@/lib/format';
import { useValidation, type ModelDetail } from '../api/models';

/** Whether a version's segments are real; looked at only when it is asked for, as it takes a while. */
export function Reality({ model }: { model: ModelDetail }) {
  const [asked, setAsked] = useState(false);
  const { data, error, isFetching, refetch } = useValidation(model.version, asked);
  return (
    <Section title="Are they real?">
      <div aria-live="polite" className="flex flex-col gap-4">
        {data ? (
          <Validated validation={data} model={model} />
        ) : error && !isFetching ? (
          <Problem title="The check could not be completed" error={error} retry={() => void refetch()} />
        ) : (
          <>
            <p className="max-w-2xl text-small text-soft">
              {isFetching
                ? 'Resampling the customers many times to see whether the segments reappear. This takes a few seconds.'
                : 'Any list of customers can be split into segments. This check tests whether there are gaps between them and whether each one is stable.'}
            </p>
            <Button className="self-start max-md:self-stretch" icon="search" busy={isFetching} onClick={() => setAsked(true)}>
              {isFetching ? 'Checking' : 'Check whether the segments are real'}
            </Button>
          </>
        )}
      </div>
    </Section>
  );
}

type Validation = NonNullable<ModelDetail['validation']>;

function Validated({ validation: { structure, stability, certainty, notes }, model: { segments, n_clusters, requested_clusters } }: { validation: Validation; model: ModelDetail }) {
  const nameOf = (cluster: number): string => segments.find(({ cluster_id }) => cluster_id === cluster)?.cluster_name ?? `Segment ${cluster + 1}`;
  return (
    <>
      <Verdict structure={{ ...structure, p: structure.p_value }} stability={stability} certainty={certainty} taken={{ count: n_clusters, isAutomatic: requested_clusters === null }} />
      {stability ? (
        <ul aria-label="How stable each segment is" className="flex flex-col divide-y divide-line border-t border-line text-small">
          {stability.segments.map(({ cluster, sentence, jaccard }) => (
            <li key={cluster} className="grid grid-cols-1 gap-x-6 gap-y-1 py-2.5 md:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
              <SegmentName wrap segment={cluster} name={nameOf(cluster)} />
              <span className="text-soft max-md:pl-5">
                {sentence}<Explained term="stability" figure={`Jaccard ${formatScore(jaccard)}`} />
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      {notes.map((note) => (
        <p key={note} className="text-small text-soft">
          {note}
        </p>
      ))}
    </>
  );
}
