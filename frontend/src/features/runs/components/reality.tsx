import { TextLink } from '@/components/button';
import { Verdict } from '@/components/verdict';
import type { Run } from '../api/runs';
import type { LookedAt } from './looked-at';

interface RealityProps {
  run: Run;
  owner: boolean;
  /** Another cut of the run's tree that is looked at; null for its own. */
  preview: LookedAt['preview'];
}

/** What resamples say of each segment of a cut; nothing where they were not kept with the tree. */
function stabilityAt({ cut }: NonNullable<LookedAt['preview']>) {
  const segments = cut.segment_stability ?? [];
  return segments.length === 0 ? null : { segments, weakest: Math.min(...segments.map(({ jaccard }) => jaccard)) };
}

/** Whether the segments are real; where it was not looked at, that is said instead. */
export function Reality({ run, owner, preview }: RealityProps) {
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
        stability={preview === null ? stability : stabilityAt(preview)}
        certainty={certainty}
        taken={{ count: preview?.asked ?? run.n_clusters, isAutomatic: preview === null && run.n_clusters_requested === 'auto', hasSlider: run.algorithm === 'hierarchical' }}
      />
      {notes.map((note) => (
        <p key={note} className="text-small text-soft">
          {note}
        </p>
      ))}
    </>
  );
}
