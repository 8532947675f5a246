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
        title="The server is not responding"
        action={
          <Button look="primary" onClick={retry}>
            Try again now
          </Button>
        }
      >
        Your work is safe. This page tries again every few seconds and continues as soon as the server is back.
      </Empty>
    </main>
  );
}
