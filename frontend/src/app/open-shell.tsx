import { Suspense } from 'react';
import { NavLink, Outlet } from 'react-router';
import { PageSkeleton } from '@/components/states';
import { Logo } from '@/components/logo';
import { useSession } from '@/lib/session';

/** Pages for those who are not signed in: a bar with the name, and the page. */
export function OpenShell() {
  const { token } = useSession();
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="mx-auto flex h-16 w-full max-w-[1200px] items-center justify-between gap-4 px-4 md:px-8">
        <NavLink to="/" className="flex min-h-11 items-center gap-2.5 font-strong">
          <Logo />
          <span className="text-small max-[26rem]:sr-only">Customer Segmentation</span>
        </NavLink>
        <nav aria-label="Main" className="flex items-center text-small">
          {[
            ['/guide', 'Guide'],
            ['/docs', 'API'],
            ['/about', 'About'],
            // Who still owes a new password has signed in.
            ...(token === null ? [['/login', 'Sign in']] : []),
          ].map(([to = '', label]) => (
            <NavLink key={to} to={to} className={({ isActive }) => `flex min-h-11 items-center rounded-control px-2.5 md:px-3 ${isActive ? 'font-strong' : 'text-soft hover:text-ink'}`}>
              {label}
            </NavLink>
          ))}
        </nav>
      </header>
      <main id="main" className="flex min-w-0 grow flex-col">
        <Suspense fallback={<PageSkeleton />}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  );
}
