import { Button } from '@/components/button';
import type { Marks } from '@/components/movement';
import { SegmentName } from '@/components/segment';
import { toast } from '@/components/toast';
import { download } from '@/lib/client';
import { fileNameOf } from '@/lib/file-name';
import { formatCount, formatNumber, formatScore, plural } from '@/lib/format';
import { messageOf } from '@/lib/http';
import { segmentVariable } from '@/lib/palette';
import type { Dendrogram as Tree, Run } from '../api/runs';
import { blocksOf, type TreeCut } from './tree';

const [WIDTH, HEIGHT, TOP, BOTTOM] = [1000, 380, 12, 28];

interface DendrogramProps {
  run: Run;
  tree: Tree;
  cut: TreeCut;
  marks: Marks;
  /** Of the segments of this cut; undefined while they are looked for. */
  names: readonly string[] | undefined;
}

/** The tree of customers, cut somewhere. */
export function Dendrogram({ run, tree, cut, marks, names }: DendrogramProps) {
  const blocks = blocksOf(cut.clusters).map((block) => ({ ...block, size: tree.leaves.slice(block.from, block.to + 1).reduce((sum, { n_rows }) => sum + n_rows, 0) }));
  const savePng = (): void =>
    void download(`/api/v1/clustering/dendrogram/${run.run_id}?format=png`, fileNameOf([run.dataset, plural(run.n_clusters, 'segment'), 'tree'], 'png')).catch((error: unknown) => toast(messageOf(error), { tone: 'danger' }));
  return (
    <div className="flex flex-col gap-4">
      <p className="-mb-2 text-small text-soft">Merge distance: how much two groups differ</p>
      <Picture tree={tree} cut={cut} marks={marks} />
      {/* Below, so that the tree stays where it is as the names change. */}
      <ul aria-label="Segments, from left to right" className="flex min-h-6 flex-wrap gap-x-5 gap-y-1 text-small">
        {blocks.map(({ cluster, size }) => (
          <li key={cluster} className="flex max-w-full min-w-0 gap-1.5">
            <SegmentName wrap segment={marks(cluster)} name={names?.[cluster] ?? '…'} />
            <span className="text-soft tabular-nums">{formatCount(size)}</span>
          </li>
        ))}
      </ul>
      <div className="flex items-start justify-between gap-x-6 gap-y-2 max-md:flex-col">
        <p className="max-w-3xl text-small text-soft">
          Customers are joined from the bottom up, the most similar first; the higher two branches meet, the more they differ. Each branch below the dashed line is a segment.
        </p>
        <Button icon="download" onClick={savePng}>
          {blocks.length === run.n_clusters ? 'PNG' : `PNG of the stored ${run.n_clusters} segments`}
        </Button>
      </div>
    </div>
  );
}

function Picture({ tree, cut, marks }: Pick<DendrogramProps, 'tree' | 'cut' | 'marks'>) {
  const highest = Math.max(...tree.branches.map((branch) => branch.height), 1e-9);
  const last = Math.max(1, tree.leaves.length - 1);
  const x = (value: number): number => 8 + (value / last) * (WIDTH - 16);
  const y = (value: number): number => TOP + (1 - value / highest) * (HEIGHT - TOP - BOTTOM);
  // A bracket's foot stands above leaves of its own, which are all of one segment below the cut.
  const clusterAt = (place: number): number => cut.clusters[Math.round(place)] ?? -1;
  const blocks = blocksOf(cut.clusters);
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
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`Tree of the customers, cut at ${formatScore(cut.height)} into ${blocks.length} segments`} className="h-full min-w-0 grow" preserveAspectRatio="none">
        {ticks.map((tick) => (
          <line key={tick} x1={0} x2={WIDTH} y1={y(tick)} y2={y(tick)} stroke="var(--line)" vectorEffect="non-scaling-stroke" />
        ))}
        {tree.branches.map((branch, index) => {
          const [left, right] = [clusterAt(branch.x_left), clusterAt(branch.x_right)];
          const isAbove = left !== right;
          return (
            <path
              key={index}
              d={`M${x(branch.x_left)} ${y(branch.y_left)}V${y(branch.height)}H${x(branch.x_right)}V${y(branch.y_right)}`}
              fill="none"
              stroke={isAbove ? 'var(--noise)' : segmentVariable(marks(left))}
              strokeWidth={isAbove ? 1.5 : 2}
              vectorEffect="non-scaling-stroke"
            />
          );
        })}
        <line x1={0} x2={WIDTH} y1={y(cut.height)} y2={y(cut.height)} stroke="var(--ink)" strokeDasharray="6 5" vectorEffect="non-scaling-stroke" />
        {blocks.map(({ cluster, from, to }) => (
          <line key={cluster} x1={x(from - 0.3)} x2={x(to + 0.3)} y1={HEIGHT - 12} y2={HEIGHT - 12} stroke={segmentVariable(marks(cluster))} strokeWidth={8} vectorEffect="non-scaling-stroke" />
        ))}
      </svg>
    </div>
  );
}
