import { useDeferredValue, useId, useMemo, useState } from 'react';
import { Button } from '@/components/button';
import { Explained } from '@/components/explained';
import { SegmentName } from '@/components/segment';
import { toast } from '@/components/toast';
import { download } from '@/lib/client';
import { formatCount, formatNumber, formatScore } from '@/lib/format';
import { messageOf } from '@/lib/http';
import { separationOf } from '@/lib/meanings';
import { segmentVariable } from '@/lib/palette';
import { useCut, type Dendrogram as Tree, type Run } from '../api/runs';
import { namesBySize, subtreesAt } from './tree';

const [WIDTH, HEIGHT, TOP, BOTTOM] = [1000, 380, 12, 28];

interface DendrogramProps {
  run: Run;
  tree: Tree;
  /** Keeps another cut as a segmentation of its own; absent for readers. */
  onKeep?: ((n_clusters: number) => void) | undefined;
  keeping: boolean;
}

/** The tree of customers, with a slider that cuts it anew. */
export function Dendrogram({ run, tree, onKeep, keeping }: DendrogramProps) {
  const id = useId();
  const [wanted, setWanted] = useState(run.n_clusters);
  const asked = useDeferredValue(wanted);
  const isOther = wanted !== run.n_clusters;
  const preview = useCut(run.run_id, asked, asked !== run.n_clusters);
  const cuts = useMemo(() => new Map(tree.cuts.map((cut) => [cut.n_clusters, cut])), [tree.cuts]);
  const cut = cuts.get(wanted);
  const height = isOther ? (cut?.cut_height ?? tree.cut_height) : tree.cut_height;
  const counts = [...cuts.keys()];
  const shown = isOther && preview.data?.n_clusters === wanted ? preview.data : null;
  const sizes = isOther ? shown?.cluster_sizes : run.cluster_sizes;
  const names = isOther ? shown?.cluster_names : run.cluster_names;
  const silhouette = isOther ? (shown?.silhouette_score ?? cut?.silhouette_score ?? null) : run.silhouette_score;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-end gap-x-6 gap-y-3">
        <div className="flex min-w-60 grow flex-col gap-1 md:max-w-md">
          <label htmlFor={id} className="text-small font-strong">
            Cut into {wanted} segments
          </label>
          <input
            id={id}
            type="range"
            className="h-11 w-full accent-accent md:h-8"
            min={Math.min(...counts, run.n_clusters)}
            max={Math.max(...counts, run.n_clusters)}
            value={wanted}
            onChange={(event) => setWanted(Number(event.target.value))}
          />
        </div>
        <div className="flex flex-wrap gap-2">
          {isOther && onKeep ? (
            <Button look="primary" busy={keeping} onClick={() => onKeep(wanted)}>
              Keep these {wanted} segments
            </Button>
          ) : null}
          <Button icon="download" onClick={() => void download(`/api/v1/clustering/dendrogram/${run.run_id}?format=png`, `dendrogram-${run.run_id}.png`).catch((error: unknown) => toast(messageOf(error), { tone: 'danger' }))}>
            PNG
          </Button>
        </div>
      </div>
      <div aria-live="polite" className="flex flex-col gap-2 text-small">
        <p>
          {separationOf(silhouette, run.validation?.structure.verdict)}<Explained term="silhouette" figure={`Silhouette ${formatScore(silhouette)}`} />
          {(isOther ? (shown?.degenerate ?? cut?.degenerate) : run.degenerate) ? ' One of them is tiny, or holds almost everyone.' : ''}
        </p>
        <ul className="flex min-h-6 flex-wrap gap-x-5 gap-y-1">
          {names?.map((name, segment) => (
            <li key={segment} className="flex max-w-full min-w-0 gap-1.5">
              <SegmentName wrap segment={segment} name={name} />
              <span className="text-soft">{formatCount(sizes?.[segment] ?? 0)}</span>
            </li>
          ))}
        </ul>
      </div>
      <p className="-mb-2 text-small text-soft">Merge distance, how much two groups differ</p>
      <Picture tree={tree} height={height} sizes={sizes ?? []} />
      <p className="text-small text-soft">
        Customers are joined from the bottom up, the most alike first; the higher two branches meet, the more they differ. Each segment is what hangs below the dashed line in one piece.
      </p>
    </div>
  );
}

function Picture({ tree, height, sizes }: { tree: Tree; height: number; sizes: readonly number[] }) {
  const highest = Math.max(...tree.branches.map((branch) => branch.height), 1e-9);
  const positions = tree.leaves.map(({ x }) => x);
  const [first, last] = [Math.min(...positions), Math.max(...positions)];
  const step = (last - first) / Math.max(1, positions.length - 1) || 1;
  const x = (value: number): number => 8 + ((value - first) / (last - first || 1)) * (WIDTH - 16);
  const y = (value: number): number => TOP + (1 - value / highest) * (HEIGHT - TOP - BOTTOM);
  const subtrees = useMemo(() => subtreesAt(tree, height), [tree, height]);
  const ids = useMemo(() => namesBySize(subtrees, sizes), [subtrees, sizes]);
  const colorAt = (left: number, right: number): string => {
    const place = subtrees.findIndex(({ from, to }) => left >= from - step / 4 && right <= to + step / 4);
    const id = ids[place];
    return place < 0 || id === undefined || id < 0 ? 'var(--noise)' : segmentVariable(id);
  };
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => share * highest);
  return (
    <div className="flex h-72 gap-2 md:h-96">
      {/* Beside the drawing, which is stretched to any width, so that figures keep their shape. */}
      <div aria-hidden className="relative w-12 shrink-0 text-right text-small text-soft tabular-nums">
        {ticks.map((tick) => (
          <span key={tick} className="absolute right-0 -translate-y-1/2" style={{ top: `${(y(tick) / HEIGHT) * 100}%` }}>
            {formatNumber(tick)}
          </span>
        ))}
      </div>
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`Tree of the customers, cut at ${formatScore(height)} into ${subtrees.length} segments`} className="h-full min-w-0 grow" preserveAspectRatio="none">
      {ticks.map((tick) => (
        <line key={tick} x1={0} x2={WIDTH} y1={y(tick)} y2={y(tick)} stroke="var(--line)" vectorEffect="non-scaling-stroke" />
      ))}
      {tree.branches.map((branch, index) => {
        const above = branch.height > height;
        return (
          <path
            key={index}
            d={`M${x(branch.x_left)} ${y(branch.y_left)}V${y(branch.height)}H${x(branch.x_right)}V${y(branch.y_right)}`}
            fill="none"
            stroke={above ? 'var(--noise)' : colorAt(branch.x_left, branch.x_right)}
            strokeWidth={above ? 1.5 : 2}
            vectorEffect="non-scaling-stroke"
          />
        );
      })}
      <line x1={0} x2={WIDTH} y1={y(height)} y2={y(height)} stroke="var(--ink)" strokeDasharray="6 5" vectorEffect="non-scaling-stroke" />
      {subtrees.map(({ from, to }, index) => (
        <line key={index} x1={x(from - step * 0.3)} x2={x(to + step * 0.3)} y1={HEIGHT - 12} y2={HEIGHT - 12} stroke={colorAt(from, to)} strokeWidth={8} vectorEffect="non-scaling-stroke" />
      ))}
    </svg>
    </div>
  );
}
