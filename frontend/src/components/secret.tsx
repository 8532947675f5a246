import { Button } from '@/components/button';
import { toast } from '@/components/toast';
import { copied } from '@/lib/clipboard';

/** A text that is shown once, to be copied. */
export function Secret({ label, children }: { label: string; children: string }) {
  const copy = (): void =>
    void copied(children).then((is) => (is ? toast('Copied') : toast('This browser does not allow copying. Select the text and copy it.', { tone: 'danger' })));
  return (
    <div className="flex flex-col gap-3">
      <p aria-label={label} className="rounded-control bg-sunken px-3 py-2 font-strong break-all select-all">
        <code>{children}</code>
      </p>
      <Button className="self-start" onClick={copy}>
        Copy
      </Button>
    </div>
  );
}
