import { useId, type ComponentProps, type ReactNode } from 'react';
import { Icon } from '@/components/icon';

const CONTROL =
  'w-full min-h-11 md:min-h-9 rounded-control border border-edge bg-surface px-3 text-body text-ink ' +
  'placeholder:text-soft aria-invalid:border-danger disabled:bg-sunken disabled:text-soft';

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  className?: string;
  children: (control: {
    id: string;
    'aria-describedby': string | undefined;
    'aria-invalid': true | undefined;
    className: string;
  }) => ReactNode;
}

/** A label above its control, a hint and an error below; a screen reader hears all three. */
export function Field({ label, hint, error, className = '', children }: FieldProps) {
  const id = useId();
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div className={`flex min-w-0 flex-col gap-1 ${className}`}>
      <label htmlFor={id} className="text-small font-strong">
        {label}
      </label>
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': error ? true : undefined,
        className: CONTROL,
      })}
      {error ? (
        <p id={`${id}-error`} className="text-small text-danger">
          {error}
        </p>
      ) : null}
      {hint ? (
        <div id={`${id}-hint`} className={`text-small text-soft ${error ? 'sr-only' : ''}`}>
          {hint}
        </div>
      ) : null}
    </div>
  );
}

type Common = Pick<FieldProps, 'label' | 'hint' | 'error'> & { fieldClass?: string };

export function TextField({ label, hint, error, fieldClass, ...input }: Common & ComponentProps<'input'>) {
  return (
    <Field label={label} hint={hint} error={error} className={fieldClass}>
      {(control) => <input autoComplete="off" {...input} {...control} />}
    </Field>
  );
}

export function TextArea({ label, hint, error, fieldClass, className = '', ...input }: Common & ComponentProps<'textarea'>) {
  return (
    <Field label={label} hint={hint} error={error} className={fieldClass}>
      {(control) => <textarea {...input} {...control} className={`${control.className} py-2 ${className}`} />}
    </Field>
  );
}

/** A choice with an arrow of our own: the same everywhere, and where options are long, the chosen one may wrap. */
export function Chooser({ wrap = false, className = '', ...select }: ComponentProps<'select'> & { wrap?: boolean }) {
  return (
    <div className="relative grid">
      <select {...select} className={`${className} appearance-none py-1 pr-9 ${wrap ? 'text-wrap' : 'truncate'}`} />
      <span className="pointer-events-none absolute inset-y-0 right-3 flex items-center text-soft">
        <Icon name="down" size={14} />
      </span>
    </div>
  );
}

export function Select({ label, hint, error, fieldClass, ...input }: Common & ComponentProps<typeof Chooser>) {
  return (
    <Field label={label} hint={hint} error={error} className={fieldClass}>
      {(control) => <Chooser {...input} {...control} />}
    </Field>
  );
}

/** What went wrong with a form as a whole; read out as it appears. */
export function FormProblem({ children }: { children: ReactNode }) {
  return (
    <div role="alert" className="rounded-control bg-danger-soft px-3 py-2 text-small text-danger empty:hidden">
      {children}
    </div>
  );
}
