import type { ReactNode } from 'react';
import { Button } from '@/components/button';
import { Icon, type IconName } from '@/components/icon';
import { messageOf } from '@/lib/http';

interface EmptyProps {
  icon: IconName;
  title: string;
  children: ReactNode;
  action?: ReactNode;
}

/** Nothing yet: what will be here, and the one button that fills it. */
export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <div className="flex flex-col items-center gap-2 px-4 py-12 text-center">
      <span className="text-soft">
        <Icon name={icon} size={28} />
      </span>
      <p className="font-strong">{title}</p>
      <p className="max-w-md text-small text-soft">{children}</p>
      {action ? <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  );
}

/** What happened, and a way on. */
export function Problem({ error, retry, title = 'This could not be loaded' }: { error: unknown; retry?: () => void; title?: string }) {
  return (
    <div role="alert" className="flex flex-col items-center gap-2 px-4 py-10 text-center">
      <span className="text-danger">
        <Icon name="warning" size={28} />
      </span>
      <p className="font-strong">{title}</p>
      <p className="max-w-md text-small break-words text-soft">{messageOf(error)}</p>
      {retry ? (
        <Button onClick={retry} className="mt-2">
          Try again
        </Button>
      ) : null}
    </div>
  );
}

/** What a page shows of a query. */
export interface Shown<T> {
  data: T | undefined;
  error: Error | null;
  refetch: () => unknown;
  isPlaceholderData?: boolean;
}

/** One of loading, error and full, for a query; what was there stays while it is refreshed. */
export function Loaded<T>({
  query,
  skeleton,
  children,
  onError,
}: {
  query: Shown<T>;
  skeleton: ReactNode;
  children: (data: T) => ReactNode;
  onError?: (error: Error) => ReactNode;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) {
    return <>{onError?.(query.error) ?? <Problem error={query.error} retry={() => void query.refetch()} />}</>;
  }
  return (
    <div aria-busy="true">
      <span className="sr-only">Loading</span>
      {skeleton}
    </div>
  );
}

export function SkeletonRows({ rows = 6 }: { rows?: number }) {
  return (
    <div className="flex flex-col divide-y divide-line">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="flex h-12 items-center gap-4 px-4">
          <div className="skeleton h-3.5 w-1/4" />
          <div className="skeleton h-3.5 w-1/3" />
          <div className="skeleton ml-auto h-3.5 w-16" />
        </div>
      ))}
    </div>
  );
}

export function SkeletonBlock({ height }: { height: number }) {
  return <div className="skeleton w-full" style={{ height }} />;
}

/** A page before it is there. */
export function PageSkeleton() {
  return (
    <div className="mx-auto flex w-full max-w-[1200px] flex-col gap-6 px-4 py-8 md:px-8" aria-busy="true">
      <span className="sr-only">Loading</span>
      <div className="skeleton h-8 w-56" />
      <SkeletonBlock height={320} />
    </div>
  );
}

type Tone = 'good' | 'warn' | 'danger' | 'plain';
const TONES: Record<Tone, string> = {
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  danger: 'bg-danger-soft text-danger',
  plain: 'bg-sunken text-soft',
};

export function Badge({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className={`inline-flex items-center rounded-full px-2 py-0.5 text-small whitespace-nowrap ${TONES[tone]}`}>
      {children}
    </span>
  );
}

export function Notice({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return <div className={`rounded-control px-3 py-2 text-small ${TONES[tone]} ${tone === 'plain' ? '!text-ink' : ''}`}>{children}</div>;
}
