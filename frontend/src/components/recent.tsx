import { TextLink } from '@/components/button';
import type { IconName } from '@/components/icon';
import { LongName } from '@/components/long-name';
import type { Recent } from '@/lib/recent';

export const RECENT_ICONS: Record<Recent['kind'], IconName> = { segmentation: 'analyse', table: 'datasets', orders: 'orders', customer: 'customers' };
const KINDS: Record<Recent['kind'], string> = { segmentation: 'Segmentation', table: 'Table', orders: 'Orders', customer: 'Customer' };

/** What was opened last, to go on with. */
export function RecentList({ things }: { things: readonly Recent[] }) {
  return (
    <ul className="flex flex-col divide-y divide-line border-t border-line text-small">
      {things.map(({ kind, to, title }) => (
        <li key={to} className="flex min-h-11 items-center justify-between gap-4 px-4 md:px-5">
          <TextLink to={to} className="flex min-h-11 min-w-0 items-center">
            <span>
              <LongName>{title}</LongName>
            </span>
          </TextLink>
          <span className="text-soft">{KINDS[kind]}</span>
        </li>
      ))}
    </ul>
  );
}
