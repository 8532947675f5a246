import { Navigate, Outlet, useLocation } from 'react-router';
import { Page } from '@/components/layout';
import { LinkButton } from '@/components/button';
import { Empty } from '@/components/states';
import { ServerAwayScreen, useCurrentAccount } from '@/features/session';
import { ServerAway } from '@/lib/http';
import { hasRole, useSession, type Role } from '@/lib/session';

/** Signed in, or to the login page and back to this very address afterwards. */
export function RequireSession() {
  const { token, account, ended } = useSession();
  const { pathname, search } = useLocation();
  const current = useCurrentAccount();
  if (token === null || account === null) {
    const next = ended === 'left' ? '' : `?next=${encodeURIComponent(pathname + search)}`;
    return <Navigate to={`/login${next}`} replace />;
  }
  if (account.must_change_password) return <Navigate to="/new-password" replace state={{ next: pathname + search }} />;
  if (current.error instanceof ServerAway) return <ServerAwayScreen retry={() => void current.refetch()} />;
  return <Outlet />;
}

/** For those with the role; everyone else is told who can help. */
export function RequireRole({ role }: { role: Role }) {
  const { account } = useSession();
  if (hasRole(account, role)) return <Outlet />;
  return (
    <Page title="You do not have access to this page">
      <Empty icon="admin" title={`This page is for ${role === 'admin' ? 'administrators' : 'analysts'}`} action={<LinkButton to="/start">Go to the start page</LinkButton>}>
        You are signed in as {account?.username} with the role {account?.role}. An administrator can change your role.
      </Empty>
    </Page>
  );
}

/** Login and register are for those who are not signed in yet. */
export function OnlySignedOut() {
  const { token, account } = useSession();
  const { search } = useLocation();
  if (token === null) return <Outlet />;
  if (account?.must_change_password) return <Navigate to="/new-password" replace />;
  return <Navigate to={safeNext(search)} replace />;
}

/** Where to go after signing in: an address of this app, never another site's. */
function safeNext(search: string): string {
  const next = new URLSearchParams(search).get('next');
  return next?.startsWith('/') && !next.startsWith('//') && !next.includes('\\') ? next : '/start';
}
