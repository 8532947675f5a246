import { SkeletonBlock } from '@/components/states';

/** What a segmentation looks like before it is there. */
export const RunSkeleton = () => (
  <div className="flex flex-col gap-6">
    <SkeletonBlock height={152} />
    <div className="mt-14 grid grid-cols-1 gap-4 sm:grid-cols-2 lg:grid-cols-3">
      {[0, 1, 2].map((card) => (
        <SkeletonBlock key={card} height={264} />
      ))}
    </div>
    <SkeletonBlock height={560} />
  </div>
);
