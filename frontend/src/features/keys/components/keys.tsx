import { useState } from 'react';
import { Button } from '@/components/button';
import { Confirm } from '@/components/dialog';
import { Loaded, SkeletonRows } from '@/components/states';
import { toast } from '@/components/toast';
import { formatAgo, formatDay, formatTime } from '@/lib/format';
import { useKeys, useRevokeKey, type Key } from '../api/keys';
import { CreateKey } from './create-key';

/** The keys by which one's programs call: what each may do, how long, and when it last did. */
export function Keys() {
  const keys = useKeys();
  const revoke = useRevokeKey();
  const [creating, setCreating] = useState(false);
  const [chosen, setChosen] = useState<Key | null>(null);
  return (
    <>
      <Loaded query={keys} skeleton={<SkeletonRows rows={2} />}>
        {(data) => (
          <ul aria-label="API keys" className="flex flex-col divide-y divide-line text-small empty:hidden">
            {data.keys.map((key) => (
              <li key={key.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-3">
                <div className="min-w-0 grow basis-56">
                  <p className="font-strong [overflow-wrap:anywhere]">
                    {key.name} <code className="font-normal text-soft">{key.start}…</code>
                  </p>
                  <p className="text-soft">
                    Role {key.role}; may {key.scopes.join(', ')}. {key.expires_at === null ? 'No end date' : isOver(key.expires_at) ? `Expired ${formatDay(key.expires_at)}` : `Until ${formatDay(key.expires_at)}`}.{' '}
                    {key.last_used_at === null ? (
                      'Never used.'
                    ) : (
                      <>
                        Last used <time title={formatTime(key.last_used_at)}>{formatAgo(key.last_used_at)}</time>.
                      </>
                    )}
                  </p>
                </div>
                <Button look="danger" aria-label={`Revoke ${key.name}`} onClick={() => setChosen(key)}>
                  Revoke
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      <Button icon="plus" className="self-start" onClick={() => setCreating(true)}>
        Create an API key
      </Button>
      {creating ? <CreateKey onClose={() => setCreating(false)} /> : null}
      {chosen ? (
        <Confirm
          title={`Revoke ${chosen.name}?`}
          description="Programs that use this key are refused immediately. This cannot be undone."
          action="Revoke key"
          busy={revoke.isPending}
          problem={revoke.error?.message}
          onConfirm={() =>
            revoke.mutate(chosen.id, {
              onSuccess: () => {
                toast(`${chosen.name} is revoked`);
                setChosen(null);
              },
            })
          }
          onClose={() => {
            revoke.reset();
            setChosen(null);
          }}
        />
      ) : null}
    </>
  );
}

const isOver = (time: string): boolean => new Date(time) <= new Date();
