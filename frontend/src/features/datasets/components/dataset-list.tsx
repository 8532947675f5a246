import { useNavigate } from 'react-router';
import { timeColumn, UploadList } from '@/components/listing';
import { MenuItem } from '@/components/menu';
import { Empty } from '@/components/states';
import type { Column } from '@/components/table';
import { toast } from '@/components/toast';
import { download } from '@/lib/client';
import { formatBytes, formatCount } from '@/lib/format';
import { messageOf } from '@/lib/http';
import { fileAddress, useDatasets, useDeleteDataset, type DatasetSummary } from '../api/datasets';

const COLUMNS: readonly Column<DatasetSummary>[] = [
  { id: 'rows', title: 'Rows', number: true, sort: (row) => row.n_rows, cell: (row) => formatCount(row.n_rows) },
  { id: 'columns', title: 'Columns', number: true, wideOnly: true, sort: (row) => row.n_columns, cell: (row) => formatCount(row.n_columns) },
  { id: 'size', title: 'Size', number: true, wideOnly: true, sort: (row) => row.size_bytes, cell: (row) => formatBytes(row.size_bytes) },
  timeColumn('time', 'Uploaded', (row) => row.created_at),
];

const addressOf = ({ id }: DatasetSummary): string => `/datasets/${id}`;
const save = ({ id, filename }: DatasetSummary): void => void download(fileAddress(id), filename).catch((error: unknown) => toast(messageOf(error), { tone: 'danger' }));

export function DatasetList() {
  const navigate = useNavigate();
  const datasets = useDatasets();
  const remove = useDeleteDataset();
  return (
    <UploadList
      query={datasets}
      title="Tables"
      noun="table"
      nameTitle="Table"
      addressOf={addressOf}
      columns={COLUMNS}
      onOpen={(row) => void navigate(addressOf(row))}
      actions={(row) => <MenuItem onSelect={() => save(row)}>Download file</MenuItem>}
      deleting="This permanently deletes the file, its segmentations and everything based on them."
      remove={remove}
      empty={
        <Empty icon="datasets" title="No tables yet">
          Your uploads will be listed here. You can load an example above.
        </Empty>
      }
    />
  );
}
