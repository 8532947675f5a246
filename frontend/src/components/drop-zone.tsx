import { useEffect, useId, useState } from 'react';
import { Button, buttonStyle } from '@/components/button';
import { FormProblem } from '@/components/field';
import { Icon } from '@/components/icon';
import { formatBytes, formatShare } from '@/lib/format';
import { messageOf } from '@/lib/http';
import { takeInterrupted, type FileUpload } from '@/lib/upload';

interface DropZoneProps<T> {
  upload: FileUpload<T>;
  title: string;
  /** Which files it takes. */
  hint: string;
  /** What the server does once the file is there. */
  working: string;
  example?: () => File;
  /** A smaller one, where files are added to what is there. */
  compact?: boolean;
  onUploaded: (answer: T) => void;
}

/** A place to drop a file or choose one, with its progress and what went wrong. */
export function DropZone<T>({ upload, title, hint, working, example, compact = false, onUploaded }: DropZoneProps<T>) {
  const id = useId();
  const [over, setOver] = useState(false);
  const send = (file: File | undefined): void => {
    if (file && !upload.isPending) upload.mutate(file, { onSuccess: onUploaded });
  };
  useEffect(() => {
    send(takeInterrupted(upload.path) ?? undefined);
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
        className={`flex ${compact ? 'min-h-24 py-4' : 'min-h-48 py-8'} flex-col items-center justify-center gap-3 rounded-card border border-dashed px-4 text-center ${over ? 'border-accent bg-accent-soft' : 'border-edge bg-surface'}`}
      >
        {upload.isPending && upload.variables ? (
          <div role="status" className="flex w-full max-w-sm flex-col gap-2">
            <p className="truncate font-strong">{upload.variables.name}</p>
            <progress aria-label="Upload" className="h-2 w-full accent-accent" max={1} {...(upload.share < 1 ? { value: upload.share } : {})} />
            <p className="text-small text-soft">{upload.share < 1 ? `${formatShare(upload.share)} of ${formatBytes(upload.variables.size)} sent` : working}</p>
          </div>
        ) : (
          <>
            {compact ? null : (
              <span className="text-soft">
                <Icon name="upload" size={28} />
              </span>
            )}
            <p>
              <span className="font-strong">{title}</span>
              <br />
              <span className="text-small text-soft">{hint}</span>
            </p>
            <div className="flex flex-wrap justify-center gap-2">
              <label htmlFor={id} className={buttonStyle(compact ? 'plain' : 'primary', 'cursor-pointer has-focus-visible:outline-2')}>
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
              {example ? <Button onClick={() => send(example())}>Load an example</Button> : null}
            </div>
          </>
        )}
      </div>
      <FormProblem>{upload.error ? messageOf(upload.error) : null}</FormProblem>
    </div>
  );
}
