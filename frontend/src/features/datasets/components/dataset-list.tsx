import { useState } from 'react';
import { TextLink, IconButton } from '@/components/button';
import { Confirm } from '@/components/dialog';
import { LongName } from '@/components/long-name';
import { Menu, MenuItem } from '@/components/menu';
import { sortRows, Table, type Column, type Sorting } from '@/components/table';
import { toast } from '@/components/toast';
import { download } from '@/lib/client';
import { formatAgo, formatBytes, formatCount, formatTime } from '@/lib/format';
import { messageOf } from '@/lib/http';
import { useDeleteDataset, type DatasetSummary } from '../api/datasets';

export function DatasetList({ datasets, onOpen }: { datasets: readonly DatasetSummary[]; onOpen: (dataset: DatasetSummary) => void }) {
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const [deleting, setDeleting] = useState<DatasetSummary | null>(null);
  const remove = useDeleteDataset();
  const failed = (error: unknown): void => toast(messageOf(error), { tone: 'danger' });
  const columns: Column<DatasetSummary>[] = [
    {
      id: 'file',
      title: 'Table',
      className: 'max-w-0 w-full',
      sort: (row) => row.filename.toLowerCase(),
      cell: (row) => (
        <TextLink to={`/datasets/${row.id}`} className="font-strong max-md:flex max-md:min-h-11 max-md:items-center" title={row.filename}>
          <span className="line-clamp-2 max-md:line-clamp-4">
            <LongName>{row.filename}</LongName>
          </span>
        </TextLink>
      ),
    },
    { id: 'rows', title: 'Rows', number: true, sort: (row) => row.n_rows, cell: (row) => formatCount(row.n_rows) },
    { id: 'columns', title: 'Columns', number: true, wideOnly: true, sort: (row) => row.n_columns, cell: (row) => formatCount(row.n_columns) },
    { id: 'size', title: 'Size', number: true, wideOnly: true, sort: (row) => row.size_bytes, cell: (row) => formatBytes(row.size_bytes) },
    {
      id: 'time',
      title: 'Uploaded',
      wideOnly: true,
      sort: (row) => row.created_at,
      cell: (row) => (
        <time dateTime={row.created_at} title={formatTime(row.created_at)} className="whitespace-nowrap text-soft">
          {formatAgo(row.created_at)}
        </time>
      ),
    },
    {
      id: 'actions',
      title: '',
      cell: (row) => (
        <div className="flex justify-end">
          <Menu trigger={<IconButton icon="more" label={`More for ${row.filename}`} />}>
            <MenuItem onSelect={() => void download(`/api/v1/datasets/${row.id}/download`, row.filename).catch(failed)}>Download file</MenuItem>
            <MenuItem danger onSelect={() => setDeleting(row)}>
              Delete
            </MenuItem>
          </Menu>
        </div>
      ),
    },
  ];
  return (
    <>
      <Table caption="Uploaded tables" columns={columns} rows={sortRows(datasets, columns, sorting)} rowKey={(row) => row.id} onOpen={onOpen} sorting={sorting} onSort={setSorting} />
      {deleting ? (
        <Confirm
          title={`Delete ${deleting.filename}?`}
          description="This permanently deletes the file, its segmentations and everything based on them."
          typed={deleting.filename.length <= 40 ? deleting.filename : 'delete'}
          action="Delete table"
          busy={remove.isPending}
          problem={remove.error?.message}
          onConfirm={() =>
            remove.mutate(deleting.id, {
              onSuccess: () => {
                toast(`${deleting.filename} is deleted`);
                setDeleting(null);
              },
            })
          }
          onClose={() => {
            remove.reset();
            setDeleting(null);
          }}
        />
      ) : null}
    </>
  );
}
