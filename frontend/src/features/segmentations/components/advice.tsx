import { Section } from '@/components/layout';
import type { Insights } from '../api/looking';
import type { Segment } from '../api/segmentations';

/** What to do with a segment: the owner's own word first, else what its figures suggest. */
export function Advice({ segment, found }: { segment: Segment | undefined; found: Insights | undefined }) {
  if (segment === undefined) return null;
  const automatic = found?.recommendations.find((each) => each.segment === segment.lasting_id);
  const text = segment.advice ?? automatic?.text;
  if (text === undefined && segment.note === null) return null;
  return (
    <div className="flex flex-col gap-1 text-small">
      {text === undefined ? null : (
        <p className="[overflow-wrap:anywhere]">
          <span className="font-strong">What to do:</span> {text}
        </p>
      )}
      {segment.note === null ? null : <p className="[overflow-wrap:anywhere] text-soft">{segment.note}</p>}
    </div>
  );
}

/** What to do whatever the segment, such as what to check first. */
export function AdviceForAll({ found }: { found: Insights | undefined }) {
  const general = found?.recommendations.filter(({ segment }) => segment === null) ?? [];
  if (general.length === 0) return null;
  return (
    <Section title="What to do with all of them">
      <ul className="flex flex-col gap-1.5">
        {general.map(({ text }) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </Section>
  );
}
