import { Bar } from '@/components/segment';
import { formatCount, formatShare } from '@/lib/format';
import { segmentVariable } from '@/lib/palette';
import type { ColumnView } from '../api/looking';
import { formatValue } from './values';

const [WIDTH, HEIGHT] = [320, 96];

interface ComparisonProps {
  column: ColumnView;
  /** By which mark the segment is drawn. */
  mark: number;
  name: string;
}

/** In words: how the segment differs from everyone else. */
function saidOf({ difference, unit }: ColumnView): string {
  if (difference === null) return 'About the same as everyone else';
  const { level, value, rest } = difference;
  const after = unit === null || unit === '' ? '' : ` ${unit}`;
  if (level !== null) return `${level}: ${formatShare(value)} vs ${formatShare(rest)}`;
  return `${value > rest ? 'Higher' : 'Lower'}: ${formatValue(value)}${after} vs ${formatValue(rest)}${after} on average`;
}

/** One column in the segment and in everyone else, on one scale. */
export function ColumnComparison({ column, mark, name }: ComparisonProps) {
  const said = saidOf(column);
  return (
    <li className="flex min-w-0 flex-col gap-2 rounded-card border border-line bg-surface p-4">
      <div>
        <h3 className="text-small [overflow-wrap:anywhere]">
          {column.name}
          {column.used ? null : <span className="font-normal text-soft"> (not used to find the segments)</span>}
        </h3>
        <p className="text-small text-soft [overflow-wrap:anywhere]">{said}</p>
      </div>
      {column.levels ? <Levels column={column} mark={mark} /> : <Histogram column={column} mark={mark} label={`${column.name} in ${name} and in all others. ${said}`} />}
      {column.this.missing > 0 ? <p className="text-small text-soft">{formatCount(column.this.missing)} of them have no value.</p> : null}
    </li>
  );
}

/** Bars of the segment, with everyone else as the line across them; both from zero. */
function Histogram({ column, mark, label }: { column: ColumnView; mark: number; label: string }) {
  const { this: own, rest, edges, open_low, open_high } = column;
  const most = Math.max(...own.shares, ...rest.shares, 1e-9);
  const wide = WIDTH / Math.max(1, own.shares.length);
  const y = (share: number): number => HEIGHT - (share / most) * (HEIGHT - 4);
  const line = rest.shares.map((share, index) => `${index === 0 ? 'M' : 'L'}${index * wide} ${y(share)}H${(index + 1) * wide}`).join('');
  const [first, last] = [edges?.[0], edges?.at(-1)];
  return (
    <div className="flex flex-col gap-1">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} preserveAspectRatio="none" className="h-24 w-full">
        {own.shares.map((share, index) => (
          <rect key={index} x={index * wide + 0.5} width={Math.max(1, wide - 1)} y={y(share)} height={HEIGHT - y(share)} fill={segmentVariable(mark)} opacity={0.85} />
        ))}
        <path d={line} fill="none" stroke="var(--ink)" strokeWidth={1.5} vectorEffect="non-scaling-stroke" />
        <line x1={0} x2={WIDTH} y1={HEIGHT} y2={HEIGHT} stroke="var(--line)" vectorEffect="non-scaling-stroke" />
      </svg>
      <p className="flex justify-between text-small text-soft tabular-nums">
        <span>
          {open_low ? 'up to ' : ''}
          {formatValue(first)}
        </span>
        <span>
          {formatValue(last)}
          {open_high ? ' and more' : ''}
        </span>
      </p>
    </div>
  );
}

const SHOWN = 6;

function Levels({ column: { levels, this: own, rest }, mark }: { column: ColumnView; mark: number }) {
  return (
    <ul className="flex flex-col gap-2 text-small">
      {(levels ?? []).slice(0, SHOWN).map((level, index) => {
        const [here = 0, there = 0] = [own.shares[index], rest.shares[index]];
        return (
          <li key={level} className="flex flex-col gap-0.5">
            <span className="flex justify-between gap-3">
              <span className="min-w-0 truncate" title={level}>
                {level}
              </span>
              <span className="whitespace-nowrap tabular-nums">
                {formatShare(here)} <span className="text-soft">vs {formatShare(there)}</span>
              </span>
            </span>
            <Bar share={here} color={segmentVariable(mark)} />
            <Bar share={there} color="var(--noise)" />
          </li>
        );
      })}
    </ul>
  );
}
