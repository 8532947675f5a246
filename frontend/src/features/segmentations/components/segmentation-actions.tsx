import { useState } from 'react';
import { useNavigate } from 'react-router';
import { Button, IconButton } from '@/components/button';
import { Confirm, Dialog } from '@/components/dialog';
import { FormProblem, TextArea, TextField } from '@/components/field';
import { Menu, MenuItem } from '@/components/menu';
import { toast } from '@/components/toast';
import { useKept } from '@/lib/form';
import { ApiError, messageOf } from '@/lib/http';
import { hasRole, useAccount } from '@/lib/session';
import { useDeleteSegmentation, useUpdateSegmentation, type Ref, type Segmentation } from '../api/segmentations';

const failed = (error: unknown): void => toast(messageOf(error), { tone: 'danger' });

/** Changes what a segmentation is called or who sees it, and offers what was before. */
function useChange(id: Ref, segmentation: Segmentation) {
  const update = useUpdateSegmentation(id);
  type Change = Parameters<typeof update.mutate>[0];
  const change = (next: Change, before: Change, said: string, done?: () => void): void =>
    update.mutate(next, {
      onSuccess: () => {
        toast(said, { about: `segmentation/${segmentation.id}/${Object.keys(next).join()}`, undo: () => void update.mutateAsync(before).catch(failed) });
        done?.();
      },
      ...(done ? {} : { onError: failed }),
    });
  return { update, change };
}

/** What its owner can do with a segmentation as a whole. */
export function SegmentationActions({ id, segmentation }: { id: Ref; segmentation: Segmentation }) {
  const [open, setOpen] = useKept<'name' | 'delete' | null>(`segmentation-${id}`, null);
  const navigate = useNavigate();
  const remove = useDeleteSegmentation(id);
  const { change } = useChange(id, segmentation);
  const mayShare = hasRole(useAccount(), 'analyst');
  const isShared = segmentation.visibility === 'team';
  const share = (): void =>
    change(
      { visibility: isShared ? 'private' : 'team' },
      { visibility: segmentation.visibility },
      isShared ? 'Only you can see it now' : 'Everyone who is signed in can see it now',
    );
  return (
    <>
      <Menu trigger={<IconButton icon="more" label="More" />}>
        <MenuItem onSelect={() => setOpen('name')}>Rename</MenuItem>
        {mayShare ? <MenuItem onSelect={share}>{isShared ? 'Stop sharing' : 'Share with the team'}</MenuItem> : null}
        <MenuItem danger onSelect={() => setOpen('delete')}>
          Delete
        </MenuItem>
      </Menu>
      {open === 'name' ? <NameDialog id={id} segmentation={segmentation} onClose={() => setOpen(null)} /> : null}
      {open === 'delete' ? (
        <Confirm
          title={`Delete ${segmentation.name}?`}
          description="This permanently deletes all its versions and the names of its segments. The table is kept."
          typed={segmentation.name.length <= 40 ? segmentation.name : 'delete'}
          action="Delete segmentation"
          busy={remove.isPending}
          problem={remove.error?.message}
          onConfirm={() => remove.mutate(undefined, { onSuccess: () => void navigate('/segmentations') })}
          onClose={() => setOpen(null)}
        />
      ) : null}
    </>
  );
}

function NameDialog({ id, segmentation, onClose }: { id: Ref; segmentation: Segmentation; onClose: () => void }) {
  const { update, change } = useChange(id, segmentation);
  const [name, setName] = useState(segmentation.name);
  const [description, setDescription] = useState(segmentation.description ?? '');
  const fields = update.error instanceof ApiError ? update.error.fields : {};
  return (
    <Dialog title="Rename this segmentation" onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const { name: before, description: said } = segmentation;
          change({ name: name.trim(), description: description.trim() === '' ? null : description.trim() }, { name: before, description: said }, `It is called ${name.trim()} now`, onClose);
        }}
      >
        <TextField label="Name" required maxLength={200} error={fields.name} value={name} onChange={(event) => setName(event.target.value)} />
        <TextArea label="Description" rows={3} hint="What it is for, for those who see it" error={fields.description} value={description} onChange={(event) => setDescription(event.target.value)} />
        <FormProblem>{update.error && Object.keys(fields).length === 0 ? messageOf(update.error) : null}</FormProblem>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={update.isPending} disabled={name.trim() === ''}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
