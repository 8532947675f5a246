import type { ReactNode } from 'react';
import { Explained } from '@/components/explained';
import type { Marks } from '@/components/movement';
import { Bar, SegmentName } from '@/components/segment';
import { formatScore, formatShare, plural } from '@/lib/format';
import { standingOf } from '@/lib/meanings';
import { useIsNarrow } from '@/lib/narrow';
import { segmentVariable } from '@/lib/palette';
import type { Profile, Run } from '../api/runs';
import { differencesOf } from './words';

type Stability = NonNullable<NonNullable<Run['validation']>['stability']>['segments'];

interface SegmentCardsProps {
  /** In the order to show. */
  profiles: readonly Profile[];
  stability: Stability;
  marks: Marks;
  /** A segment's name where it is more than a text: with its page and its owner's words. */
  nameOf?: ((profile: Profile) => ReactNode) | undefined;
  /** What is to be done with it. */
  adviceOf?: ((profile: Profile) => ReactNode) | undefined;
}

/** From so many on, a phone shows one card at a time. */
const FOLDED_FROM = 5;

export function SegmentCards({ profiles, stability, marks, nameOf, adviceOf }: SegmentCardsProps) {
  const steady = new Map(stability.map((segment) => [segment.cluster, segment]));
  const isFolded = useIsNarrow() && profiles.length >= FOLDED_FROM;
  const title = (profile: Profile) => <SegmentName wrap segment={marks(profile.cluster)} name={profile.cluster_name} />;
  const body = (profile: Profile) => (
    <>
      <h3 className="min-w-0">{nameOf?.(profile) ?? title(profile)}</h3>
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
      {adviceOf?.(profile)}
      <Standing profile={profile} steady={steady.get(profile.cluster)} />
    </>
  );
  return (
    <ul className={`grid grid-cols-1 gap-4 max-sm:gap-2 sm:grid-cols-2 ${profiles.length === 2 || profiles.length === 4 ? '' : 'lg:grid-cols-3'}`}>
      {profiles.map((profile, index) => (
        <li key={profile.cluster} className={`flex min-w-0 flex-col rounded-card border border-line bg-surface ${isFolded ? '' : 'gap-3 p-4 md:p-5'}`}>
          {isFolded ? (
            <details name="segment-cards" open={index === 0}>
              <summary className="flex min-h-11 items-center justify-between gap-4 px-4 text-small font-strong">
                {title(profile)} <span className="font-normal text-soft">{formatShare(profile.share)}</span>
              </summary>
              <div className="flex flex-col gap-3 px-4 pb-4">{body(profile)}</div>
            </details>
          ) : (
            body(profile)
          )}
        </li>
      ))}
    </ul>
  );
}

/** Whether it comes back in resamples; where that was not tested, how well it is separated. */
function Standing({ profile, steady }: { profile: Profile; steady: Stability[number] | undefined }) {
  if (steady === undefined && profile.silhouette === null) return null;
  return (
    <p className="mt-auto text-small text-soft">
      {steady?.sentence ?? standingOf({ size: profile.size, silhouette: profile.silhouette ?? 0 })}
      {steady ? <Explained term="stability" figure={`Jaccard ${formatScore(steady.jaccard)}`} /> : <Explained term="silhouette" figure={`Silhouette ${formatScore(profile.silhouette)}`} />}
    </p>
  );
}
