import type { ReactNode } from 'react';
import { DropdownMenu as Radix } from 'radix-ui';

export function Menu({ trigger, children }: { trigger: ReactNode; children: ReactNode }) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-w-72 min-w-44 rounded-card border border-line bg-surface p-1 shadow-raised"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface MenuItemProps {
  onSelect: () => void;
  danger?: boolean;
  /** Why it cannot be chosen; shown below it. */
  refused?: string | undefined;
  children: ReactNode;
}

export function MenuItem({ onSelect, danger = false, refused, children }: MenuItemProps) {
  return (
    <Radix.Item
      disabled={refused !== undefined}
      onSelect={onSelect}
      className={`flex min-h-11 flex-col justify-center rounded-control px-3 py-1.5 text-small outline-none data-highlighted:bg-sunken md:min-h-9 ${danger ? 'text-danger' : ''} ${refused ? 'cursor-not-allowed' : 'cursor-pointer'}`}
    >
      <span className={refused ? 'opacity-70' : ''}>{children}</span>
      {refused ? <span className="text-soft">{refused}</span> : null}
    </Radix.Item>
  );
}
