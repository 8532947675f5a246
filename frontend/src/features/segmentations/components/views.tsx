import { NavLink } from 'react-router';
import { CORE, type Ref } from '../api/segmentations';
import { addressIn } from './opened';

const VIEWS = [
  ['', 'Overview'],
  ['customers', 'Customers'],
  ['usefulness', 'Usefulness'],
  ['versions', 'Versions'],
  ['place', 'Place a customer'],
] as const;

/** The pages of one segmentation; the version that was chosen stays. All columns of the core's are used, which leaves none to be useful for. */
export function SegmentationViews({ id, version, hasCustomers }: { id: Ref; version: number | undefined; hasCustomers: boolean }) {
  return (
    <nav aria-label="Pages of this segmentation" className="flex gap-1 overflow-x-auto border-b border-line">
      {VIEWS.filter(([view]) => (hasCustomers || view !== 'customers') && (id !== CORE || view !== 'usefulness')).map(([view, title]) => (
        <NavLink
          key={view}
          end={view === ''}
          to={addressIn(id, view, version)}
          className={({ isActive }) =>
            `-mb-px flex min-h-11 items-center border-b-2 px-3 text-small whitespace-nowrap focus-visible:-outline-offset-2 ${isActive ? 'border-accent font-strong' : 'border-transparent text-soft hover:text-ink'}`
          }
        >
          {title}
        </NavLink>
      ))}
    </nav>
  );
}
