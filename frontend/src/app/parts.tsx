import { lazy } from 'react';
import { useRouteError } from 'react-router';
import { Problem } from '@/components/states';
import { ServerAwayScreen } from '@/features/session';
import { ServerAway } from '@/lib/http';

type Part = () => React.ReactNode;

/** A part of the app that is fetched when it is first shown; where that fails, the server is away. */
export const lazyPart = (load: () => Promise<{ default: Part }>) =>
  lazy(() =>
    load().catch(() => {
      throw new ServerAway();
    }),
  );

/** A reload while the server is away would leave the browser's own error page: it has to answer first. */
function reloadOnceItAnswers(): void {
  fetch(import.meta.env.BASE_URL, { method: 'HEAD', cache: 'no-store' })
    .then(({ ok }) => ok && window.location.reload())
    .catch(() => undefined);
}

/** In place of a page that broke: what was typed is kept in drafts, so that reloading loses nothing. */
export function Crash() {
  const error = useRouteError();
  if (error instanceof ServerAway) return <ServerAwayScreen retry={reloadOnceItAnswers} />;
  return <Problem title="This page could not be displayed" error={error} retry={() => window.location.reload()} />;
}
