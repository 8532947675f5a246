import type { IconName } from '@/components/icon';
import { hasRole, type Account, type Role } from '@/lib/session';

/** A page of the navigation. */
export interface Place {
  to: string;
  label: string;
  icon: IconName;
  role: Role;
  /** Other addresses whose pages belong to this place. */
  holds?: readonly string[];
  /** Stands in the phone's bottom bar; the others are behind "More". */
  first?: boolean;
  /** Where it is in the rail: with help and account, at its foot. */
  atFoot?: boolean;
}

const PLACES: readonly Place[] = [
  { to: '/start', label: 'Start', icon: 'start', role: 'user', holds: ['/analyses'], first: true },
  { to: '/segmentations', label: 'Segmentations', icon: 'analyse', role: 'user', holds: ['/runs', '/compare', '/models'], first: true },
  { to: '/dashboard', label: 'Dashboard', icon: 'dashboard', role: 'user', first: true },
  { to: '/history', label: 'History', icon: 'history', role: 'user', first: true },
  { to: '/customers', label: 'Customers', icon: 'customers', role: 'user' },
  { to: '/datasets', label: 'Datasets', icon: 'datasets', role: 'user' },
  { to: '/orders', label: 'Orders', icon: 'orders', role: 'analyst' },
  { to: '/admin', label: 'Admin', icon: 'admin', role: 'admin' },
  { to: '/guide', label: 'Guide', icon: 'help', role: 'user', atFoot: true },
  { to: '/docs', label: 'Documentation', icon: 'code', role: 'user', atFoot: true },
  { to: '/settings', label: 'Settings', icon: 'settings', role: 'user', atFoot: true },
];

/** The pages that someone may open. */
export const placesFor = (account: Account): readonly Place[] => PLACES.filter(({ role }) => hasRole(account, role));
