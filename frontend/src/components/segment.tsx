import { segmentShape, segmentVariable } from '@/lib/palette';

const SHAPES = {
  circle: <circle cx="6" cy="6" r="5" />,
  diamond: <path d="M6 0l6 6-6 6-6-6z" />,
  triangle: <path d="M6 .800 11.800 11.200H.200z" />,
  rect: <rect x="1" y="1" width="10" height="10" rx="1" />,
};

/** The same mark in a drawing, around a point. */
export function SegmentPoint({ segment, x, y, size }: { segment: number; x: number; y: number; size: number }) {
  return (
    <g transform={`translate(${x} ${y}) scale(${size / 12}) translate(-6 -6)`} fill={segmentVariable(segment)}>
      {SHAPES[segmentShape(segment)]}
    </g>
  );
}

/** A segment's colour and shape; the shape tells it apart where the colour cannot. */
export function SegmentMark({ segment, size = 12 }: { segment: number; size?: number }) {
  return (
    <svg aria-hidden viewBox="0 0 12 12" width={size} height={size} className="shrink-0" fill={segmentVariable(segment)}>
      {SHAPES[segmentShape(segment)]}
    </svg>
  );
}

/** On one line, unless the name is what the place is about: then it wraps. */
export function SegmentName({ segment, name, wrap = false }: { segment: number; name: string; wrap?: boolean }) {
  return (
    <span className="inline-flex max-w-full min-w-0 items-start gap-2">
      <span className="flex h-[1lh] shrink-0 items-center">
        <SegmentMark segment={segment} />
      </span>
      <span className={`min-w-0 ${wrap ? 'break-words' : 'truncate'}`} title={wrap ? undefined : name}>
        {name}
      </span>
    </span>
  );
}

/** A share as a bar, for comparing things side by side; the figure always stands beside it. */
export function Bar({ share, color = 'var(--accent)', label }: { share: number; color?: string; label?: string }) {
  const width = `${Math.max(0, Math.min(1, share)) * 100}%`;
  return (
    <span
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
      className="block h-2 w-full overflow-hidden rounded-full bg-sunken"
    >
      <span className="block h-full rounded-full" style={{ width, background: color }} />
    </span>
  );
}
