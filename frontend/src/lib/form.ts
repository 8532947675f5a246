/** Forms: the server's field errors put on their fields, and drafts that outlive a sign-in. */

import { useEffect, useState } from 'react';
import { useForm, type FieldValues, type Path, type UseFormProps, type UseFormReturn } from 'react-hook-form';
import { ApiError, messageOf } from '@/lib/http';
import { drafts, session } from '@/lib/session';

/**
 * A form whose fields are checked once they were edited and left, and on submit; to pass through one is
 * no mistake. The error is shown a moment later: one that appeared at once would move the button from
 * under the pointer that is about to press it.
 */
export function useUnhurriedForm<T extends FieldValues, C, O>(props: UseFormProps<T, C, O>): UseFormReturn<T, C, O> {
  const form = useForm({ ...props, mode: 'onTouched', delayError: 250 });
  const { register, formState } = form;
  return {
    ...form,
    register: (name, options) => {
      const field = register(name, options);
      const onBlur: typeof field.onBlur = async (event: { target: HTMLInputElement }) => {
        if (event.target.value !== formState.defaultValues?.[name]) await field.onBlur(event);
      };
      return { ...field, onBlur };
    },
  };
}

/** Puts a 422 on its fields; returns what is left to say about the form as a whole. */
export function showProblem<T extends FieldValues, C, O>(form: UseFormReturn<T, C, O>, error: unknown): string | undefined {
  if (!(error instanceof ApiError) || Object.keys(error.fields).length === 0) return messageOf(error);
  const known = form.getValues();
  const rest: string[] = [];
  for (const [name, message] of Object.entries(error.fields)) {
    if (name in known) form.setError(name as Path<T>, { type: 'server', message }, { shouldFocus: true });
    else rest.push(message);
  }
  return rest.length > 0 ? rest.join('. ') : undefined;
}

/** Keeps what is typed in this tab, so that an expired session costs nothing. */
export function useDraft<T extends FieldValues, C, O>(form: UseFormReturn<T, C, O>, name: string): { drop: () => void } {
  const { subscribe } = form;
  useEffect(
    () => subscribe({ formState: { values: true, isDirty: true }, callback: ({ values }) => drafts.save(name, values) }),
    [subscribe, name],
  );
  return { drop: () => drafts.drop(name) };
}

/** What a form starts with: the draft of this name where there is one. */
export function useStart<T extends FieldValues>(name: string, values: T): T {
  const [start] = useState(() => ({ ...values, ...(drafts.load(name) as Partial<T> | null) }));
  return start;
}

/**
 * State that outlives a sign-in or a reload, as which form is open or what was typed into it: kept
 * while it is not what it was at first and not `done`, and forgotten when the page is left otherwise.
 */
export function useKept<T>(name: string, initial: T, done = false): [T, (value: T) => void] {
  const [value, setValue] = useState(() => (drafts.load(name)?.kept as T | undefined) ?? initial);
  useEffect(() => {
    if (value === initial || done) return;
    drafts.save(name, { kept: value });
    return () => {
      if (session.get().ended !== 'expired') drafts.drop(name);
    };
  }, [name, value, initial, done]);
  return [value, setValue];
}
