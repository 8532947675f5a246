import type { Segment } from '../api/segmentations';

/** What the owner says is to be done with a segment, and knows of it. */
export function Advice({ segment }: { segment: Segment | undefined }) {
  if (segment === undefined) return null;
  const { advice: text } = segment;
  if (text === null && segment.note === null) return null;
  return (
    <div className="flex flex-col gap-1 text-small">
      {text === null ? null : (
        <p className="[overflow-wrap:anywhere]">
          <span className="font-strong">What to do:</span> {text}
        </p>
      )}
      {segment.note === null ? null : <p className="[overflow-wrap:anywhere] text-soft">{segment.note}</p>}
    </div>
  );
}
