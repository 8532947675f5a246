import { useEffect, useId, useState } from 'react';
import { Button, buttonStyle } from '@/components/button';
import { FormProblem } from '@/components/field';
import { Icon } from '@/components/icon';
import { formatBytes, formatShare } from '@/lib/format';
import { messageOf } from '@/lib/http';
import { exampleFile } from '../api/example-file';
import { takeInterrupted, useUpload } from '../api/upload';

export function DropZone({ onUploaded }: { onUploaded: (id: number) => void }) {
  const id = useId();
  const [over, setOver] = useState(false);
  const upload = useUpload();
  const send = (file: File | undefined): void => {
    if (file && !upload.isPending) upload.mutate(file, { onSuccess: (dataset) => onUploaded(dataset.id) });
  };
  useEffect(() => {
    send(takeInterrupted() ?? undefined);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, as the page is back
  }, []);
  return (
    <div className="flex flex-col gap-3">
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          send(event.dataTransfer.files[0]);
        }}
        className={`flex min-h-48 flex-col items-center justify-center gap-3 rounded-card border border-dashed px-4 py-8 text-center ${over ? 'border-accent bg-accent-soft' : 'border-edge bg-surface'}`}
      >
        {upload.isPending ? (
          <div role="status" className="flex w-full max-w-sm flex-col gap-2">
            <p className="truncate font-strong">{upload.variables.name}</p>
            <progress aria-label="Upload" className="h-2 w-full accent-accent" max={1} {...(upload.share < 1 ? { value: upload.share } : {})} />
            <p className="text-small text-soft">
              {upload.share < 1 ? `${formatShare(upload.share)} of ${formatBytes(upload.variables.size)} sent` : 'Reading the table and checking its format, columns and values'}
            </p>
          </div>
        ) : (
          <>
            <span className="text-soft">
              <Icon name="upload" size={28} />
            </span>
            <p>
              <span className="font-strong">Drop a customer table here</span>
              <br />
              <span className="text-small text-soft">CSV in any format, Excel or Parquet. One row per customer.</span>
            </p>
            <div className="flex flex-wrap justify-center gap-2">
              <label htmlFor={id} className={buttonStyle('primary', 'cursor-pointer has-focus-visible:outline-2')}>
                Choose a file
                <input
                  id={id}
                  type="file"
                  className="sr-only"
                  accept=".csv,.tsv,.txt,.dat,.xlsx,.parquet"
                  onChange={(event) => {
                    send(event.target.files?.[0]);
                    event.target.value = '';
                  }}
                />
              </label>
              <Button onClick={() => send(exampleFile())}>Load an example</Button>
            </div>
          </>
        )}
      </div>
      <FormProblem>{upload.error ? messageOf(upload.error) : null}</FormProblem>
    </div>
  );
}
