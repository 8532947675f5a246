import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Link, NavLink, Outlet, useLocation, useNavigate } from 'react-router';
import { PageSkeleton } from '@/components/states';
import { isMac, KeysHelp, useKeys } from '@/app/keys';
import { placesFor, type Place } from '@/app/places';
import { IconButton } from '@/components/button';
import { Logo } from '@/components/logo';
import { Icon } from '@/components/icon';
import { Menu, MenuItem } from '@/components/menu';
import { useLogout } from '@/features/session';
import { useAccount } from '@/lib/session';
import { chooseTheme, useTheme } from '@/lib/theme';

const Palette = lazy(() => import('@/app/palette'));
const News = lazy(() => import('@/app/news'));

/** As NavLink, which knows one address only. */
function useIsHere(): (place: Pick<Place, 'to' | 'holds'>) => boolean {
  const { pathname } = useLocation();
  return ({ to, holds = [] }) => [to, ...holds].some((address) => pathname === address || pathname.startsWith(`${address}/`));
}

export default function Shell() {
  const account = useAccount();
  const places = placesFor(account);
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null);
  const close = (): void => setOpen(null);
  useKeys({ onPalette: () => setOpen('palette'), onHelp: () => setOpen('keys') });
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const first = useRef(true);
  useEffect(() => {
    // A new page starts at its top, for the eye and for the keyboard.
    if (first.current) first.current = false;
    else {
      window.scrollTo(0, 0);
      main.current?.focus();
    }
  }, [pathname]);
  return (
    <div className="flex min-h-dvh max-md:flex-col">
      <a href="#main" className="fixed top-2 left-2 z-50 rounded-control bg-accent px-4 py-2 text-small text-on-accent not-focus:sr-only">
        Skip to content
      </a>
      <Rail places={places} onSearch={() => setOpen('palette')} />
      <PhoneHeader onSearch={() => setOpen('palette')} />
      <main ref={main} id="main" tabIndex={-1} className="min-w-0 grow pb-20 outline-none md:pb-8">
        <Suspense fallback={<PageSkeleton />}>
          <Outlet />
        </Suspense>
      </main>
      <BottomBar places={places} />
      <Suspense fallback={null}>
        <News />
      </Suspense>
      {open === 'palette' ? (
        <Suspense fallback={null}>
          <Palette places={places} onClose={close} />
        </Suspense>
      ) : null}
      {open === 'keys' ? <KeysHelp onClose={close} /> : null}
    </div>
  );
}

function Rail({ places, onSearch }: { places: readonly Place[]; onSearch: () => void }) {
  return (
    <aside className="sticky top-0 flex h-dvh w-60 shrink-0 flex-col border-r border-line bg-surface p-3 max-md:hidden">
      <NavLink to="/start" className="flex items-center gap-2 rounded-control px-1.5 py-2 font-strong">
        <Logo />
        <span className="text-small whitespace-nowrap">Customer Segmentation</span>
      </NavLink>
      <button type="button" aria-keyshortcuts="Control+K Meta+K" onClick={onSearch} className="mt-3 flex min-h-9 items-center gap-2.5 rounded-control border border-line px-2.5 text-small text-soft hover:bg-sunken hover:text-ink">
        <Icon name="search" />
        <span className="grow text-left">Go to</span>
        <kbd className="font-mono text-small">{isMac() ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <nav aria-label="Main" className="mt-3 flex flex-col gap-0.5">
        {places
          .filter(({ atFoot }) => !atFoot)
          .map((place) => (
            <RailLink key={place.to} {...place} />
          ))}
      </nav>
      <nav aria-label="Help and account" className="mt-auto flex flex-col gap-0.5">
        {places
          .filter(({ atFoot }) => atFoot)
          .map((place) => (
            <RailLink key={place.to} {...place} />
          ))}
        <AccountMenu />
      </nav>
    </aside>
  );
}

function RailLink({ to, label, icon, holds }: Pick<Place, 'to' | 'label' | 'icon' | 'holds'>) {
  const here = useIsHere()({ to, holds });
  return (
    <Link
      to={to}
      aria-current={here ? 'page' : undefined}
      className={`flex min-h-9 items-center gap-2.5 rounded-control px-2.5 text-small transition-colors duration-100 ${here ? 'bg-accent-soft font-strong text-accent' : 'text-soft hover:bg-sunken hover:text-ink'}`}
    >
      <Icon name={icon} />
      {label}
    </Link>
  );
}

function AccountMenu() {
  const account = useAccount();
  const navigate = useNavigate();
  const logout = useLogout();
  const theme = useTheme();
  return (
    <Menu
      trigger={
        <button type="button" className="mt-2 flex min-h-11 items-center gap-2.5 rounded-control border border-line px-2.5 text-left hover:bg-sunken">
          <span className="flex min-w-0 grow flex-col leading-tight">
            <span className="truncate text-small font-strong" title={account.username}>
              {account.username}
            </span>
            <span className="text-small text-soft">{account.role}</span>
          </span>
          <Icon name="up" size={14} />
        </button>
      }
    >
      <MenuItem onSelect={() => void navigate('/profile')}>Profile</MenuItem>
      <MenuItem onSelect={() => chooseTheme(theme === 'dark' ? 'light' : 'dark')}>{theme === 'dark' ? 'Light theme' : 'Dark theme'}</MenuItem>
      <MenuItem onSelect={() => void navigate('/about')}>About</MenuItem>
      <MenuItem onSelect={() => logout.mutate()}>Sign out</MenuItem>
    </Menu>
  );
}

function PhoneHeader({ onSearch }: { onSearch: () => void }) {
  const theme = useTheme();
  return (
    <header className="flex h-14 items-center justify-between border-b border-line bg-surface pr-2 pl-4 md:hidden">
      <NavLink to="/start" className="flex min-h-11 items-center gap-2.5 font-strong">
        <Logo />
        <span className="text-small">Customer Segmentation</span>
      </NavLink>
      <span className="flex">
        <IconButton icon="search" label="Go to" onClick={onSearch} />
        <IconButton icon="theme" label={theme === 'dark' ? 'Light theme' : 'Dark theme'} onClick={() => chooseTheme(theme === 'dark' ? 'light' : 'dark')} />
      </span>
    </header>
  );
}

function BottomBar({ places }: { places: readonly Place[] }) {
  const navigate = useNavigate();
  const logout = useLogout();
  const isHere = useIsHere();
  const item = 'flex min-h-14 grow flex-col items-center justify-center gap-0.5 text-small';
  return (
    <nav aria-label="Main" className="fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden">
      {places
        .filter((place) => place.first)
        .map((place) => (
          <Link key={place.to} to={place.to} aria-current={isHere(place) ? 'page' : undefined} className={`${item} ${isHere(place) ? 'text-accent' : 'text-soft'}`}>
            <Icon name={place.icon} />
            {place.label}
          </Link>
        ))}
      <Menu
        trigger={
          <button type="button" className={`${item} text-soft`}>
            <Icon name="more" />
            More
          </button>
        }
      >
        {places
          .filter((place) => !place.first)
          .map((place) => (
            <MenuItem key={place.to} onSelect={() => void navigate(place.to)}>
              {place.label}
            </MenuItem>
          ))}
        <MenuItem onSelect={() => void navigate('/profile')}>Profile</MenuItem>
        <MenuItem onSelect={() => void navigate('/about')}>About</MenuItem>
        <MenuItem onSelect={() => logout.mutate()}>Sign out</MenuItem>
      </Menu>
    </nav>
  );
}
