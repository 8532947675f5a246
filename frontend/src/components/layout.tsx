import { useEffect, type ReactNode } from 'react';
import { CopyLink } from '@/components/copy-link';
import { LongName } from '@/components/long-name';

/** A page: its question as the title, its one action beside it, its content below. */
export function Page({
  title,
  lead,
  actions,
  narrow = false,
  hasLink = false,
  children,
}: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  narrow?: boolean;
  /** It is about one thing, whose address may be handed on. */
  hasLink?: boolean;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Customer Segmentation`;
  }, [title]);
  return (
    <div className={`mx-auto flex w-full flex-col gap-6 px-4 py-6 md:px-8 md:py-8 ${narrow ? 'max-w-2xl' : 'max-w-[1200px]'}`}>
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 lg:flex-nowrap">
        <div className="min-w-0">
          <h1>
            <LongName>{title}</LongName>
          </h1>
          {lead ? <p className="mt-1 max-w-2xl text-pretty text-soft">{lead}</p> : null}
        </div>
        {actions || hasLink ? (
          <div className="flex max-w-full shrink-0 flex-wrap items-end gap-2 lg:max-w-[60%]">
            {hasLink ? <CopyLink /> : null}
            {actions}
          </div>
        ) : null}
      </header>
      {children}
    </div>
  );
}

export function Section({
  id,
  title,
  note,
  actions,
  flush = false,
  className = '',
  children,
}: {
  id?: string;
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  flush?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section id={id} className={`flex min-w-0 scroll-mt-4 flex-col rounded-card border border-line bg-surface ${className}`}>
      <header className="flex min-h-13 items-center justify-between gap-4 px-4 py-3 md:px-5">
        <div className="min-w-0">
          <h2>{title}</h2>
          {note ? <p className="text-small text-soft">{note}</p> : null}
        </div>
        {actions ? <div className="-my-1 flex shrink-0 items-center gap-2">{actions}</div> : null}
      </header>
      <div className={flush ? '' : 'px-4 pb-5 md:px-5'}>{children}</div>
    </section>
  );
}

export function Figure({ label, value, note }: { label: string; value: ReactNode; note?: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col">
      <dt className="text-small text-soft">{label}</dt>
      <dd className="text-title font-strong tabular-nums">{value}</dd>
      {note ? <dd className="text-small text-soft">{note}</dd> : null}
    </div>
  );
}
