import { IconButton } from '@/components/button';
import { Menu, MenuItem } from '@/components/menu';
import { toast } from '@/components/toast';
import { download } from '@/lib/client';
import { fileNameOf } from '@/lib/file-name';
import { plural } from '@/lib/format';
import { messageOf } from '@/lib/http';
import type { Run } from '../api/runs';

/** Each customer with its segment, to take away. */
export function RunFiles({ run, name }: { run: Run; name: string }) {
  const fetchAs = (format: 'csv' | 'xlsx') => () =>
    void download(`/api/v1/clustering/segments/${run.run_id}?format=${format}`, fileNameOf([name, plural(run.n_clusters, 'segment')], format)).catch((error: unknown) => toast(messageOf(error), { tone: 'danger' }));
  return (
    <Menu trigger={<IconButton icon="download" label="Download" />}>
      <MenuItem onSelect={fetchAs('xlsx')}>Excel: customers and segments</MenuItem>
      <MenuItem onSelect={fetchAs('csv')}>CSV: each customer’s segment</MenuItem>
    </Menu>
  );
}
