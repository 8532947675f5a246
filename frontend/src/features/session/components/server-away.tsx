import { useEffect } from 'react';
import { Button } from '@/components/button';
import { Empty } from '@/components/states';

const RETRY_EVERY = 5_000;

/** The server does not answer; the page looks for it until it is back. */
export function ServerAwayScreen({ retry }: { retry: () => void }) {
  useEffect(() => {
    const timer = setInterval(retry, RETRY_EVERY);
    return () => clearInterval(timer);
  }, [retry]);
  return (
    <main role="alert" className="flex min-h-dvh items-center justify-center">
      <Empty
        icon="warning"
        title="The server is away"
        action={
          <Button look="primary" onClick={retry}>
            Try again now
          </Button>
        }
      >
        It does not answer at the moment. Nothing of yours is lost: this page looks for it every few seconds and carries on as soon as it is back.
      </Empty>
    </main>
  );
}
