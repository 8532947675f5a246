import { TextLink } from '@/components/button';
import { Verdict } from '@/components/verdict';
import type { Run } from '../api/runs';

/** Whether the segments are real; where it was not looked at, that is said instead. */
export function Reality({ run, owner }: { run: Run; owner: boolean }) {
  if (run.validation === null) {
    return (
      <p className="text-small text-soft">
        {run.structure === null ? 'These segments have not been tested for being real groups.' : 'Whether each segment reappears when the customers are resampled has not been tested.'}
        {owner ? (
          <>
            {' '}
            <TextLink to={`/datasets/${run.dataset_id}`}>Find segments again</TextLink> with the check turned on.
          </>
        ) : null}
      </p>
    );
  }
  const { structure, stability, certainty, notes } = run.validation;
  return (
    <>
      <Verdict
        structure={{ ...structure, p: structure.p_value }}
        stability={stability}
        certainty={certainty}
        taken={{ count: run.n_clusters, isAutomatic: run.n_clusters_requested === 'auto', hasSlider: run.algorithm === 'hierarchical' }}
      />
      {notes.map((note) => (
        <p key={note} className="text-small text-soft">
          {note}
        </p>
      ))}
    </>
  );
}
