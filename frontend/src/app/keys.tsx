import { useEffect, useEffectEvent } from 'react';
import { Dialog } from '@/components/dialog';

const KEYS = [
  [['Ctrl', 'K'], 'Go to a page, a segmentation or a table'],
  [['/'], 'Search on this page'],
  [['?'], 'Show these keys'],
  [['Esc'], 'Close what is open'],
  [['Tab'], 'Go to the next control; with Shift to the one before'],
] as const;

const isTyping = (target: EventTarget | null): boolean => target instanceof HTMLElement && (target.isContentEditable || target.closest('input, textarea, select') !== null);

interface Keys {
  onPalette: () => void;
  onHelp: () => void;
}

/** The keys that every page has; while someone types, only those that type nothing. */
export function useKeys({ onPalette, onHelp }: Keys): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') onPalette();
    else if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('[role=dialog], [role=menu]') !== null) return;
    else if (event.key === '?') onHelp();
    else if (event.key === '/') {
      const search = document.querySelector<HTMLInputElement>('main input[type=search]');
      if (search === null) onPalette();
      else {
        search.focus();
        search.select();
      }
    } else return;
    event.preventDefault();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => press(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}

/** On a Mac the command key is where others have Ctrl. */
export const isMac = (): boolean => /Mac|iPhone|iPad/.test(navigator.userAgent);

export function KeysHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="flex flex-col divide-y divide-line text-small">
        {KEYS.map(([keys, what]) => (
          <div key={what} className="grid grid-cols-[6rem_1fr] items-center gap-x-4 py-2.5">
            <dt className="flex gap-1">
              {keys.map((key) => (
                <kbd key={key} className="rounded-control border border-line bg-sunken px-2 py-0.5 font-mono">
                  {key === 'Ctrl' && isMac() ? '⌘' : key}
                </kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
