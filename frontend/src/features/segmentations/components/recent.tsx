import { TextLink } from '@/components/button';
import { LongName } from '@/components/long-name';
import { Badge } from '@/components/states';
import { formatAgo, plural } from '@/lib/format';
import { refOf, type Segmentation } from '../api/segmentations';
import { addressIn } from './opened';

/** The segmentations used last, to go on with. */
export function RecentSegmentations({ segmentations }: { segmentations: readonly Segmentation[] }) {
  return (
    <ul className="flex flex-col divide-y divide-line border-t border-line text-small">
      {segmentations.map((each) => {
        const version = each.active_version;
        return (
          <li key={each.id} className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-2.5 md:px-5">
            <span className="min-w-0 grow basis-72">
              <TextLink to={addressIn(refOf(each))} className="font-strong max-md:inline-flex max-md:min-h-11 max-md:items-center">
                <LongName>{each.name}</LongName>
              </TextLink>{' '}
              {each.is_owner ? null : <Badge>Team</Badge>}
              {version ? <span className="block text-soft">{version.headline ?? `${plural(version.n_segments, 'segment')} of ${plural(version.n_customers, 'customer')}`}</span> : null}
            </span>
            <span className="text-soft">{formatAgo(each.last_used_at ?? each.updated_at)}</span>
          </li>
        );
      })}
    </ul>
  );
}
