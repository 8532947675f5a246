import type { ButtonHTMLAttributes, ComponentProps } from 'react';
import { Link } from 'react-router';
import { Icon, type IconName } from '@/components/icon';

type Look = 'primary' | 'plain' | 'quiet' | 'danger';

const LOOKS: Record<Look, string> = {
  primary: 'bg-accent text-on-accent hover:opacity-90 border border-transparent',
  plain: 'bg-surface text-ink border border-edge/60 hover:bg-sunken',
  quiet: 'text-ink border border-transparent hover:bg-sunken',
  danger: 'bg-surface text-danger border border-danger/60 hover:bg-danger-soft',
};

const SHAPE =
  'inline-flex min-h-11 md:min-h-9 items-center justify-center gap-2 rounded-control px-3.5 text-small font-strong ' +
  'whitespace-nowrap select-none transition-colors duration-100 disabled:opacity-55 disabled:cursor-not-allowed';

export function buttonStyle(look: Look = 'plain', more = ''): string {
  return `${SHAPE} ${LOOKS[look]} ${more}`;
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: Look;
  icon?: IconName;
  /** Work is under way: the button cannot be pressed again, and says so. */
  busy?: boolean;
}

export function Button({ look = 'plain', icon, busy = false, className = '', children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled === true || busy}
      aria-busy={busy || undefined}
      className={buttonStyle(look, className)}
    >
      {icon ? <Icon name={icon} size={16} /> : null}
      {children}
    </button>
  );
}

interface IconButtonProps extends ComponentProps<'button'> {
  icon: IconName;
  label: string;
}

export function IconButton({ icon, label, className = '', ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={`inline-flex size-11 items-center justify-center rounded-control text-soft transition-colors duration-100 hover:bg-sunken hover:text-ink disabled:opacity-50 md:size-9 ${className}`}
    >
      <Icon name={icon} />
    </button>
  );
}

interface LinkButtonProps extends ComponentProps<typeof Link> {
  look?: Look;
  icon?: IconName;
}

export function LinkButton({ look = 'plain', icon, className = '', children, ...rest }: LinkButtonProps) {
  return (
    <Link {...rest} className={buttonStyle(look, className)}>
      {icon ? <Icon name={icon} size={16} /> : null}
      {children}
    </Link>
  );
}

export function TextLink({ className = '', children, ...rest }: ComponentProps<typeof Link>) {
  return (
    <Link {...rest} className={`text-accent underline decoration-accent/40 underline-offset-3 hover:decoration-accent ${className}`}>
      {children}
    </Link>
  );
}
