import { useState } from 'react';
import { Button, IconButton } from '@/components/button';
import { Confirm } from '@/components/dialog';
import { Menu, MenuItem } from '@/components/menu';
import { toast } from '@/components/toast';
import { download } from '@/lib/client';
import { fileNameOf } from '@/lib/file-name';
import { plural } from '@/lib/format';
import { messageOf } from '@/lib/http';
import { useDeleteRun, useShareRun, type Run } from '../api/runs';

interface RunActionsProps {
  run: Run;
  owner: boolean;
  /** What the files hold, where the page shows something else. */
  note: string | undefined;
  onDeleted: () => void;
}

export function RunActions({ run, owner, note, onDeleted }: RunActionsProps) {
  const [deleting, setDeleting] = useState(false);
  const share = useShareRun(run.run_id);
  const remove = useDeleteRun();
  const failed = (error: unknown): void => toast(messageOf(error), { tone: 'danger' });
  const shared = run.visibility === 'team';
  const fetchAs = (format: 'csv' | 'xlsx') => () =>
    void download(`/api/v1/clustering/segments/${run.run_id}?format=${format}`, fileNameOf([run.dataset, plural(run.n_clusters, 'segment')], format)).catch(failed);
  return (
    <div className="flex flex-col gap-1 lg:items-end">
      <div className="flex flex-wrap gap-2">
        <Button look="primary" icon="download" onClick={fetchAs('xlsx')}>
          Download Excel
        </Button>
        <Button icon="download" onClick={fetchAs('csv')}>
          CSV
        </Button>
        {owner ? (
          <Menu trigger={<IconButton icon="more" label="More" />}>
            <MenuItem
              onSelect={() =>
                share.mutate(shared ? 'private' : 'team', {
                  onSuccess: () => toast(shared ? 'Only you can see it now' : 'Everyone who is signed in can see it now'),
                  onError: failed,
                })
              }
            >
              {shared ? 'Stop sharing' : 'Share with the team'}
            </MenuItem>
            <MenuItem danger onSelect={() => setDeleting(true)}>
              Delete
            </MenuItem>
          </Menu>
        ) : null}
      </div>
      {note !== undefined ? <p className="text-small text-soft">{note}</p> : null}
      {deleting ? (
        <Confirm
          title="Delete this segmentation?"
          description="The table is kept; the same settings produce the same segments again."
          action="Delete"
          busy={remove.isPending}
          problem={remove.error?.message}
          onConfirm={() => remove.mutate(run.run_id, { onSuccess: onDeleted })}
          onClose={() => setDeleting(false)}
        />
      ) : null}
    </div>
  );
}
