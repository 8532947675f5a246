import { Button, LinkButton } from '@/components/button';
import { Page, Section } from '@/components/layout';
import { toast } from '@/components/toast';
import { DeleteAccount } from '@/features/account';
import { Keys } from '@/features/keys';
import { NewPasswordForm } from '@/features/session';
import { download } from '@/lib/client';
import { fileNameOf } from '@/lib/file-name';
import { messageOf } from '@/lib/http';
import { chooseTheme, useThemeChoice, type ThemeChoice } from '@/lib/theme';

const THEMES: readonly { value: ThemeChoice; label: string }[] = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

export default function SettingsPage() {
  const choice = useThemeChoice();
  return (
    <Page title="Settings" narrow actions={<LinkButton to="/profile">Name, username and email</LinkButton>}>
      <Section title="Appearance">
        <fieldset>
          <legend className="sr-only">Theme</legend>
          <div className="flex flex-wrap gap-2">
            {THEMES.map(({ value, label }) => (
              <label
                key={value}
                className="flex min-h-11 cursor-pointer items-center gap-2 rounded-control border border-line px-3 text-small has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent"
              >
                <input type="radio" name="theme" className="accent-accent" checked={choice === value} onChange={() => chooseTheme(value)} />
                {label}
              </label>
            ))}
          </div>
        </fieldset>
      </Section>
      <Section title="Password" note="Changing it ends all your other sessions">
        <NewPasswordForm askCurrent onDone={() => toast('Password changed; your other sessions have ended')} />
      </Section>
      <Section title="API keys" note="For programs that call in your name">
        <div className="flex flex-col gap-3">
          <Keys />
        </div>
      </Section>
      <Section title="Your data" note="All that is held about you, as one file">
        <Button icon="download" onClick={() => void download('/users/me/export', fileNameOf(['my data'], 'json')).catch((error: unknown) => toast(messageOf(error), { tone: 'danger' }))}>
          Download your data
        </Button>
      </Section>
      <Section title="Delete account">
        <DeleteAccount />
      </Section>
    </Page>
  );
}
