import { Popover as Radix } from 'radix-ui';
import { TextLink } from '@/components/button';
import { Icon } from '@/components/icon';
import { MEANINGS, type Term } from '@/lib/meanings';

/** Beside a statement in words: the figure behind it, what it measures, and where more is said. */
export function Explained({ term, figure }: { term: Term; figure: string }) {
  const { word, text } = MEANINGS[term];
  return (
    <Radix.Root>
      {/* Never alone on a line. */}
      <span className="whitespace-nowrap">
        {'\u00a0'}
        <Radix.Trigger
          aria-label={`${figure}: what this means`}
          title={figure}
          className="relative inline-flex size-5 items-center justify-center rounded-full align-[-0.25rem] text-soft after:absolute after:-inset-3 hover:text-ink md:after:inset-0"
        >
          <Icon name="help" size={16} />
        </Radix.Trigger>
      </span>
      <Radix.Portal>
        <Radix.Content side="top" collisionPadding={12} className="z-50 flex max-w-80 flex-col gap-1.5 rounded-card border border-line bg-surface p-4 text-small shadow-raised focus:outline-none">
          <p className="font-strong">{figure}</p>
          <p className="text-soft">{text}</p>
          {/* In a tab of its own: what is on the page may not be stored anywhere. */}
          <TextLink to={`/guide/words#${term}`} target="_blank" className="self-start">
            {word} and other terms
          </TextLink>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
