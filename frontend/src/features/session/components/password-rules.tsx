import { z } from 'zod';
import { Icon } from '@/components/icon';

const MIN_LENGTH = 6;
const MAX_BYTES = 72;
const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

export const newPassword = z
  .string()
  .min(MIN_LENGTH, `Use at least ${MIN_LENGTH} characters`)
  .refine((text) => bytesOf(text) <= MAX_BYTES, `Use at most ${MAX_BYTES} bytes: accented letters count as two, emoji as four`);

/** The rules of a new password, ticked off while it is typed. */
export function PasswordRules({ password }: { password: string }) {
  const rules = [
    { text: `At least ${MIN_LENGTH} characters`, met: password.length >= MIN_LENGTH },
    { text: `At most ${MAX_BYTES} bytes (accented letters count as two, emoji as four)`, met: password !== '' && bytesOf(password) <= MAX_BYTES },
  ];
  return (
    <ul className="flex flex-col" aria-label="Password rules">
      {rules.map(({ text, met }) => (
        <li key={text} className={`flex items-center gap-1.5 ${met ? 'text-good' : ''}`}>
          <span className={met ? '' : 'opacity-40'}>
            <Icon name="check" size={14} />
          </span>
          {text}
          <span className="sr-only">{met ? ', met' : ', not met yet'}</span>
        </li>
      ))}
    </ul>
  );
}
