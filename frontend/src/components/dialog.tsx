import { useState, type ReactNode } from 'react';
import { Dialog as Radix } from 'radix-ui';
import { Button, IconButton } from '@/components/button';
import { FormProblem, TextField } from '@/components/field';
import { useKept } from '@/lib/form';

interface DialogProps {
  title: string;
  description?: ReactNode;
  onClose: () => void;
  /** A drawer keeps the list beside it in view; a dialog asks for an answer first. */
  drawer?: boolean;
  wide?: boolean;
  children: ReactNode;
}

/** What had the focus, to give it back; a menu is gone by then, and the button that opened it has it. */
function openerOf(): HTMLElement | null {
  const { activeElement: active } = document;
  const menu = active?.closest('[role=menu]');
  if (menu) return document.getElementById(menu.getAttribute('aria-labelledby') ?? '');
  return active instanceof HTMLElement ? active : null;
}

/** The first field, where there is one; else the first button, as ever. */
function focusFirstField(event: Event): void {
  const field = (event.currentTarget as HTMLElement).querySelector<HTMLElement>('input, select, textarea');
  if (field === null) return;
  event.preventDefault();
  field.focus();
}

export function Dialog({ title, description, onClose, drawer = false, wide = false, children }: DialogProps) {
  const place = drawer
    ? 'inset-y-0 right-0 w-full max-w-md border-l'
    : `inset-x-4 top-1/2 mx-auto max-h-[calc(100dvh-2rem)] -translate-y-1/2 rounded-card border ${wide ? 'max-w-4xl' : 'max-w-lg'}`;
  const [opener] = useState(openerOf);
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-[rgb(0_0_0/0.4)]" />
        <Radix.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          onOpenAutoFocus={focusFirstField}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            opener?.focus();
          }}
          className={`fixed z-40 flex flex-col overflow-y-auto border-line bg-surface shadow-raised focus:outline-none ${place}`}
        >
          <header className="sticky top-0 z-10 flex items-start justify-between gap-4 bg-surface py-3 pr-3 pl-5">
            <Radix.Title className="py-2.5 font-strong [overflow-wrap:anywhere] md:py-1.5">{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton icon="close" label="Close" />
            </Radix.Close>
          </header>
          <div className="flex flex-col gap-4 px-5 pb-5">
            {description ? <Radix.Description className="text-small text-soft">{description}</Radix.Description> : null}
            {children}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface ConfirmProps {
  title: string;
  description: ReactNode;
  /** Where it cannot be undone, this has to be typed. */
  typed?: string;
  action: string;
  busy: boolean;
  problem?: string | undefined;
  onConfirm: () => void;
  onClose: () => void;
  /** What else is asked. */
  children?: ReactNode;
}

export function Confirm({ title, description, typed, action, busy, problem, onConfirm, onClose, children }: ConfirmProps) {
  const [text, setText] = useKept(`confirm ${title}`, '');
  const allowed = typed === undefined || text === typed;
  return (
    <Dialog title={title} description={description} onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (allowed) onConfirm();
        }}
      >
        {typed !== undefined ? (
          <TextField label={`Type ${typed} to confirm`} value={text} spellCheck={false} onChange={(event) => setText(event.target.value)} />
        ) : null}
        {children}
        <FormProblem>{problem}</FormProblem>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="danger" busy={busy} disabled={!allowed}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
