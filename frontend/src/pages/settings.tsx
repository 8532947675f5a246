import { LinkButton } from '@/components/button';
import { Page, Section } from '@/components/layout';
import { toast } from '@/components/toast';
import { DeleteAccount } from '@/features/account';
import { NewPasswordForm } from '@/features/session';
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
      <Section title="Delete account">
        <DeleteAccount />
      </Section>
    </Page>
  );
}
