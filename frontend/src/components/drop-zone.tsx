import { useEffect, useEffectEvent, useId, useState, type ReactNode } from 'react';
import { buttonStyle } from '@/components/button';
import { FormProblem } from '@/components/field';
import { Icon } from '@/components/icon';
import { formatBytes, formatShare } from '@/lib/format';
import { messageOf } from '@/lib/http';
import { takeInterrupted, type FileUpload } from '@/lib/upload';

interface DropAreaProps {
  title: string;
  /** Which files it takes. */
  hint: ReactNode;
  accept?: string;
  /** A smaller one, where files are added to what is there. */
  compact?: boolean;
  /** Other ways to bring something. */
  actions?: ReactNode;
  /** In place of it all while something is under way. */
  busy?: ReactNode;
  onFile: (file: File) => void;
}

const TABLES = '.csv,.tsv,.txt,.dat,.xlsx,.parquet';

/** A place to drop a file, or to choose one. */
export function DropArea({ title, hint, accept = TABLES, compact = false, actions, busy = null, onFile }: DropAreaProps) {
  const id = useId();
  const [over, setOver] = useState(false);
  const take = (file: File | undefined): void => {
    if (file && busy === null) onFile(file);
  };
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files[0]);
      }}
      className={`flex ${compact ? 'min-h-24 py-4' : 'min-h-48 py-8'} flex-col items-center justify-center gap-3 rounded-card border border-dashed px-4 text-center ${over ? 'border-accent bg-accent-soft' : 'border-edge bg-surface'}`}
    >
      {busy ?? (
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
                accept={accept}
                onChange={(event) => {
                  take(event.target.files?.[0]);
                  event.target.value = '';
                }}
              />
            </label>
            {actions}
          </div>
        </>
      )}
    </div>
  );
}

/** How far a file is on its way, and then what the server does with it. */
export function Sending({ upload: { variables, share }, working }: { upload: Pick<FileUpload<unknown>, 'variables' | 'share'>; working: string }) {
  return (
    <div role="status" className="flex w-full max-w-sm flex-col gap-2">
      <p className="truncate font-strong">{variables?.name}</p>
      <progress aria-label="Upload" className="h-2 w-full accent-accent" max={1} {...(share < 1 ? { value: share } : {})} />
      <p className="text-small text-soft">{share < 1 ? `${formatShare(share)} of ${formatBytes(variables?.size ?? 0)} sent` : working}</p>
    </div>
  );
}

interface DropZoneProps<T> extends Omit<DropAreaProps, 'busy' | 'onFile' | 'accept'> {
  upload: FileUpload<T>;
  /** What the server does once the file is there. */
  working: string;
  onUploaded: (answer: T) => void;
}

/** A place to drop a file that is then sent, with its progress and what went wrong. */
export function DropZone<T>({ upload, working, onUploaded, ...area }: DropZoneProps<T>) {
  const send = (file: File): void => upload.mutate(file, { onSuccess: onUploaded });
  const resume = useEffectEvent(() => {
    const file = takeInterrupted(upload.path);
    if (file) send(file);
  });
  useEffect(() => resume(), []);
  return (
    <div className="flex flex-col gap-3">
      <DropArea {...area} busy={upload.isPending ? <Sending upload={upload} working={working} /> : null} onFile={send} />
      <FormProblem>{upload.error ? messageOf(upload.error) : null}</FormProblem>
    </div>
  );
}
