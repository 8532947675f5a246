import { Button } from '@/components/button';
import { Confirm } from '@/components/dialog';
import { toast } from '@/components/toast';
import { useKept } from '@/lib/form';
import { messageOf } from '@/lib/http';
import { useActivate, type ModelSummary } from '../api/models';

export function ActivateButton({ model, active, look = 'primary' }: { model: ModelSummary; active: number | undefined; look?: 'primary' | 'plain' }) {
  const [asking, setAsking] = useKept(`activate-${model.version}`, false);
  const activate = useActivate();
  const isOlder = model.activated_at !== null && active !== undefined && model.version < active;
  const action = isOlder ? 'Roll back' : 'Activate';
  const undo = active === undefined ? undefined : () => void activate.mutateAsync(active).catch((error: unknown) => toast(messageOf(error), { tone: 'danger' }));
  return (
    <>
      <Button look={look} onClick={() => setAsking(true)} aria-label={`${action}: version ${model.version}`}>
        {action}
      </Button>
      {asking ? (
        <Confirm
          title={isOlder ? `Roll back to version ${model.version}?` : `Activate version ${model.version}?`}
          description="It will be used for all predictions by all users. You can switch back at any time."
          action={isOlder ? 'Roll back' : 'Activate'}
          busy={activate.isPending}
          problem={activate.error?.message}
          onConfirm={() =>
            activate.mutate(model.version, {
              onSuccess: () => {
                setAsking(false);
                toast(`Version ${model.version} is in use`, { about: 'model', undo });
              },
            })
          }
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}
