import { formatBytes, formatCount } from '@/lib/format';
import { useFileLimits } from '../api/datasets';

/** Which files are taken, and what becomes of them where that is limited. */
export function FileLimits() {
  const { data } = useFileLimits();
  return (
    <>
      CSV in any format, Excel or Parquet{data?.max_rows == null ? '' : `, up to ${formatCount(data.max_rows)} rows and ${formatBytes(data.max_bytes)}`}. Orders are recognised and grouped to customers.
      {data?.max_rows == null ? null : (
        <>
          {' '}
          Only you and administrators can see your file and its segments{data.kept_days === null ? '' : `; both are deleted after ${data.kept_days} days`}.
        </>
      )}
    </>
  );
}
