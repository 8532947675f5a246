import { Explained } from '@/components/explained';
import type { Marks } from '@/components/movement';
import { Bar, SegmentName } from '@/components/segment';
import { formatScore, formatShare, plural } from '@/lib/format';
import { standingOf } from '@/lib/meanings';
import { segmentVariable } from '@/lib/palette';
import type { Profile, Run } from '../api/runs';
import { differencesOf } from './words';

type Stability = NonNullable<NonNullable<Run['validation']>['stability']>['segments'];

export function SegmentCards({ profiles, stability, marks }: { profiles: readonly Profile[]; stability: Stability; marks: Marks }) {
  const steady = new Map(stability.map((segment) => [segment.cluster, segment]));
  return (
    <ul className={`grid grid-cols-1 gap-4 sm:grid-cols-2 ${profiles.length === 2 || profiles.length === 4 ? '' : 'lg:grid-cols-3'}`}>
      {profiles.map((profile) => (
        <li key={profile.cluster} className="flex min-w-0 flex-col gap-3 rounded-card border border-line bg-surface p-4 md:p-5">
          <h3 className="min-w-0">
            <SegmentName wrap segment={marks(profile.cluster)} name={profile.cluster_name} />
          </h3>
          <div className="flex flex-col gap-1.5">
            <p className="flex justify-between text-small">
              <span>{plural(profile.size, 'customer')}</span>
              <span className="text-soft">{formatShare(profile.share)}</span>
            </p>
            <Bar share={profile.share} color={segmentVariable(marks(profile.cluster))} />
          </div>
          <ul className="flex flex-col gap-1 text-small">
            {differencesOf(profile).map((text) => (
              <li key={text} className="[overflow-wrap:anywhere]">
                {text}
              </li>
            ))}
            {profile.differences.length === 0 ? <li className="text-soft">No clear difference from the others</li> : null}
          </ul>
          {steady.has(profile.cluster) ? (
            <p className="mt-auto text-small text-soft">
              {steady.get(profile.cluster)?.sentence}<Explained term="stability" figure={`Jaccard ${formatScore(steady.get(profile.cluster)?.jaccard)}`} />
            </p>
          ) : profile.silhouette !== null ? (
            <p className="mt-auto text-small text-soft">
              {standingOf({ size: profile.size, silhouette: profile.silhouette })}<Explained term="silhouette" figure={`Silhouette ${formatScore(profile.silhouette)}`} />
            </p>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
