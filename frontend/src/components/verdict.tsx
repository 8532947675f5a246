import { Explained } from '@/components/explained';
import { Badge } from '@/components/states';
import { formatScore } from '@/lib/format';
import { numberOf, stabilityOf, type Taken } from '@/lib/meanings';

const VERDICTS = {
  strong: { tone: 'good', text: 'Real groups' },
  weak: { tone: 'warn', text: 'Signs of groups' },
  none: { tone: 'danger', text: 'No distinct groups' },
} as const;

interface VerdictProps {
  structure: { verdict: keyof typeof VERDICTS; sentence: string; p: number };
  stability: { weakest: number; segments: readonly { band: string }[] } | null;
  /** What resamples and criteria say of the number of segments. */
  certainty: (Parameters<typeof numberOf>[0] & { sentences: readonly string[] }) | null;
  taken: Taken;
}

/** The figure that a sentence ends on stands with its explanation. */
const withoutFigure = (sentence: string): string => sentence.replace(/ \(p [^)]*\)/, '');
const chance = (p: number): string => (p < 0.001 ? 'p below 0.001' : `p = ${p.toPrecision(2)}`);

/** Whether there are groups at all, whether each comes back, and how sure their number is. */
export function Verdict({ structure, stability, certainty, taken }: VerdictProps) {
  const { tone, text } = VERDICTS[structure.verdict];
  return (
    <div className="flex flex-col gap-2">
      <p>
        <span className="mr-1">
          <Badge tone={tone}>{text}</Badge>
        </span>{' '}
        {withoutFigure(structure.sentence)}<Explained term="structure" figure={chance(structure.p)} />
      </p>
      {stability ? (
        <p>
          {stabilityOf(stability.segments)}<Explained term="stability" figure={`Lowest Jaccard ${formatScore(stability.weakest)}`} />
        </p>
      ) : null}
      {certainty ? (
        <p>
          {numberOf(certainty, taken)}<Explained term="number" figure={certainty.sentences.join(' ')} />
        </p>
      ) : null}
    </div>
  );
}
