import { Section } from '@/components/layout';
import { Badge } from '@/components/states';
import type { Run } from '../api/runs';

const VERDICTS = {
  strong: { tone: 'good', text: 'Real groups' },
  weak: { tone: 'warn', text: 'Signs of groups' },
  none: { tone: 'danger', text: 'No distinct groups' },
} as const;

/** Whether there are groups at all, and how sure their number is, in words. */
export function Reality({ validation }: { validation: NonNullable<Run['validation']> }) {
  const { structure, certainty, notes } = validation;
  const { tone, text } = VERDICTS[structure.verdict];
  return (
    <Section title="Are they real?">
      <div className="flex flex-col gap-2">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Badge tone={tone}>{text}</Badge>
          <span title={`p value ${structure.p_value.toPrecision(2)}`}>{structure.sentence}</span>
        </p>
        {[...(certainty?.sentences ?? []), ...notes].map((sentence) => (
          <p key={sentence} className="text-small text-soft">
            {sentence}
          </p>
        ))}
      </div>
    </Section>
  );
}
