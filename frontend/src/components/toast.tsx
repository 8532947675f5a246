import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Button, IconButton } from '@/components/button';
import { session } from '@/lib/session';

interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'danger';
  undo?: (() => void) | undefined;
  open?: Way | undefined;
  about?: string | undefined;
}

/** A way on, to what the message is about. */
interface Way {
  label: string;
  go: () => void;
}

interface ToastOptions {
  undo?: (() => void) | undefined;
  /** Such a message stays until it is followed or dismissed. */
  open?: Way;
  tone?: Toast['tone'];
  /** What it speaks of, as `user/5/role`: what is said of the same thing later takes its place. */
  about?: string;
}

const LASTS = 10_000;
let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]): void {
  toasts = next;
  listeners.forEach((listener) => listener());
}

const dismiss = (id: number): void => change(toasts.filter((toast) => toast.id !== id));

/**
 * Says that something was done; `undo` takes it back. At most three are shown. The page may be left by
 * then, so that an undo has to tell of its own failure.
 */
export function toast(text: string, { undo, open, tone = 'plain', about }: ToastOptions = {}): void {
  lastId += 1;
  const others = toasts.filter((each) => about === undefined || each.about !== about);
  change([...others.slice(-2), { id: lastId, text, undo, open, tone, about }]);
}

/** Takes away what was said of something that is gone: `user/5` is also what was said of its role. */
export function forgetToastsAbout(thing: string): void {
  change(toasts.filter(({ about }) => about !== thing && !about?.startsWith(`${thing}/`)));
}

// Nothing is undone by somebody else, nor by nobody.
session.subscribe(() => {
  if (session.get().token === null && toasts.some(({ undo, open }) => undo ?? open)) change(toasts.filter(({ undo, open }) => !undo && !open));
});

function Message({ item }: { item: Toast }) {
  const [held, setHeld] = useState(false);
  const left = useRef(LASTS);
  useEffect(() => {
    if (held || item.open) return;
    const start = Date.now();
    const timer = setTimeout(() => dismiss(item.id), left.current);
    return () => {
      clearTimeout(timer);
      left.current -= Date.now() - start;
    };
  }, [held, item.id, item.open]);
  return (
    <li
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="flex w-full items-center gap-2 rounded-card border border-line bg-surface py-1.5 pr-1.5 pl-4 text-small shadow-raised"
    >
      <span className={`min-w-0 grow break-words ${item.tone === 'danger' ? 'text-danger' : ''}`}>{item.text}</span>
      {item.undo ? (
        <Button
          look="quiet"
          className="text-accent!"
          onClick={() => {
            item.undo?.();
            dismiss(item.id);
          }}
        >
          Undo
        </Button>
      ) : null}
      {item.open ? (
        <Button
          look="quiet"
          className="text-accent!"
          onClick={() => {
            item.open?.go();
            dismiss(item.id);
          }}
        >
          {item.open.label}
        </Button>
      ) : null}
      <IconButton icon="close" label="Dismiss" onClick={() => dismiss(item.id)} />
    </li>
  );
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <ol
      aria-live="polite"
      aria-label="Messages"
      className="fixed right-4 bottom-20 left-4 z-50 flex flex-col items-end gap-2 empty:hidden md:bottom-6 md:left-auto md:w-96"
    >
      {shown.map((item) => (
        <Message key={item.id} item={item} />
      ))}
    </ol>
  );
}
