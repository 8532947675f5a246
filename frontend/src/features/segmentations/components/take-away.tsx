import { Button } from '@/components/button';
import { Menu, MenuItem } from '@/components/menu';
import { toast } from '@/components/toast';
import { download } from '@/lib/client';
import { fileNameOf } from '@/lib/file-name';
import { plural } from '@/lib/format';
import { messageOf } from '@/lib/http';
import type { Ref, Segmentation, Version } from '../api/segmentations';

const BOOK = { pdf: 'PDF', pptx: 'PowerPoint', html: 'Web page', xlsx: 'Excel, with the customers' } as const;

/** The segment book in each of its forms, and each customer's segment. */
export function TakeAway({ id, segmentation, version, hasCustomers }: { id: Ref; segmentation: Segmentation; version: Version; hasCustomers: boolean }) {
  const fetchFrom = (path: string, ending: string) => (): void =>
    void download(path, fileNameOf([segmentation.name, plural(version.n_segments, 'segment')], ending)).catch((error: unknown) => toast(messageOf(error), { tone: 'danger' }));
  return (
    <Menu
      trigger={
        <Button icon="download" look="primary">
          Download
        </Button>
      }
    >
      {Object.entries(BOOK).map(([format, label]) => (
        <MenuItem key={format} onSelect={fetchFrom(`/api/v1/segmentations/${id}/report?format=${format}&version=${version.version}`, format)}>
          {label}
        </MenuItem>
      ))}
      {hasCustomers ? <MenuItem onSelect={fetchFrom(`/api/v1/segmentations/${id}/customers?format=csv&version=${version.version}`, 'csv')}>CSV of the customers</MenuItem> : null}
    </Menu>
  );
}
