import { Explained } from '@/components/explained';
import { Badge } from '@/components/states';
import { formatScore } from '@/lib/format';
import { numberOf, stabilityOf, type Taken } from '@/lib/meanings';

const VERDICTS = {
  strong: { tone: 'good', text: 'Real groups' },
  weak: { tone: 'warn', text: 'Signs of groups' },
  none: { tone: 'danger', text: 'No evidence of groups' },
} as const;

/** Another draw of the customers could have said otherwise. */
const BORDERLINE = { tone: 'warn', text: 'Borderline' } as const;

interface Structure {
  verdict: keyof typeof VERDICTS;
  borderline?: boolean;
}

/** The verdict in two or three words. */
export function VerdictBadge({ structure: { verdict, borderline = false } }: { structure: Structure }) {
  const { tone, text } = borderline ? BORDERLINE : VERDICTS[verdict];
  return <Badge tone={tone}>{text}</Badge>;
}

interface VerdictProps {
  structure: Structure & { sentence: string; p: number; notes?: readonly string[] | undefined };
  stability: { weakest: number; segments: readonly { band: string }[] } | null;
  /** What resamples and criteria say of the number of segments. */
  certainty: (Parameters<typeof numberOf>[0] & { sentences: readonly string[] }) | null;
  taken: Taken;
}

/** The figure that a sentence ends on stands with its explanation. */
const withoutFigure = (sentence: string): string => sentence.replace(/ \((borderline, )?p [^)]*\)/, '');
const chance = (p: number): string => (p < 0.001 ? 'p below 0.001' : `p = ${p.toPrecision(2)}`);

/** Whether there are groups at all, whether each comes back, and how sure their number is. */
export function Verdict({ structure, stability, certainty, taken }: VerdictProps) {
  return (
    <div className="flex flex-col gap-2">
      <p>
        <span className="mr-1">
          <VerdictBadge structure={structure} />
        </span>{' '}
        {withoutFigure(structure.sentence)}<Explained term="structure" figure={chance(structure.p)} />
      </p>
      {structure.notes?.map((note) => (
        <p key={note}>{note}</p>
      ))}
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
