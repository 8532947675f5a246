import { useEffect, type ReactNode } from 'react';

export function AuthPage({ title, lead, foot, children }: { title: string; lead?: string | undefined; foot?: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Customer Segmentation`;
  }, [title]);
  return (
    <div className="mx-auto flex w-full max-w-sm flex-col gap-6 px-4 py-8 md:py-16">
      <div>
        <h1>{title}</h1>
        {lead ? <p className="mt-1 text-soft">{lead}</p> : null}
      </div>
      {children}
      {foot ? <div className="flex flex-col gap-1 text-small text-soft">{foot}</div> : null}
    </div>
  );
}
