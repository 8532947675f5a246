import { useId } from 'react';
import { Button } from '@/components/button';
import { Explained } from '@/components/explained';
import { formatScore, plural } from '@/lib/format';
import { messageOf } from '@/lib/http';
import { separationOf } from '@/lib/meanings';
import type { Run } from '../api/runs';
import type { LookedAt } from './looked-at';
import { saidOf } from './words';

interface CutBarProps {
  run: Run;
  lookedAt: LookedAt;
  /** Keeps the cut as a segmentation of its own; absent for readers. */
  onKeep?: ((n_clusters: number) => void) | undefined;
  keeping: boolean;
}

/** The slider that cuts the tree anew; it stays in sight while what it changes is scrolled through. */
export function CutBar({ run, lookedAt, onKeep, keeping }: CutBarProps) {
  const id = useId();
  const { count, counts, isOther, move, silhouette, degenerate, problem, retry, preview, isStale } = lookedAt;
  const headline = isStale ? undefined : saidOf(preview?.cut);
  const place = Math.max(0, counts.indexOf(count));
  return (
    <section aria-label="Number of segments to preview" className="sticky top-0 z-20 flex flex-col gap-1 rounded-card border border-line bg-surface px-4 py-3 shadow-raised md:px-5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 md:min-h-9">
        <label htmlFor={id} className="text-small font-strong tabular-nums">
          Cut into {plural(count, 'segment')}
        </label>
        {/* It is in sight already: to be focused, nothing has to be scrolled out of its way. */}
        <input
          id={id}
          type="range"
          className="-scroll-my-20 h-11 min-w-32 grow accent-accent md:h-8 md:max-w-sm"
          min={0}
          max={Math.max(1, counts.length - 1)}
          disabled={counts.length < 2}
          value={place}
          aria-valuetext={plural(count, 'segment')}
          onChange={(event) => move(counts[Number(event.target.value)] ?? count)}
        />
        {isOther ? (
          <div className="flex flex-wrap gap-2 md:ml-auto">
            {onKeep ? (
              <Button look="primary" className="-scroll-my-20" busy={keeping} onClick={() => onKeep(count)}>
                Save this cut
              </Button>
            ) : null}
            <Button className="-scroll-my-20" onClick={() => move(run.n_clusters)}>Back to {run.n_clusters}</Button>
          </div>
        ) : null}
      </div>
      <p aria-live="polite" className="text-small text-soft">
        {isOther ? (
          <>
            <span className="text-ink">Preview, not saved.</span> {headline ?? separationOf(silhouette, run.validation?.structure.verdict)}
            <Explained term="silhouette" figure={`Silhouette ${formatScore(silhouette)}`} />
            {degenerate ? ' One segment is tiny or contains almost all customers.' : ''}
          </>
        ) : (
          'This is the saved segmentation. Move the slider to preview another number of segments.'
        )}
      </p>
      {problem ? (
        <p role="alert" className="flex flex-wrap items-center gap-x-3 text-small text-danger">
          This cut could not be previewed: {messageOf(problem)}
          <Button look="quiet" onClick={retry}>
            Try again
          </Button>
        </p>
      ) : null}
    </section>
  );
}
