import { formatDuration } from '@/lib/format';

interface WorkProgressProps {
  phase: string;
  percent: number;
  secondsLeft: number | null;
}

/** Long work under way: what it does now, how far it is, and how long it will still take. */
export function WorkProgress({ phase, percent, secondsLeft }: WorkProgressProps) {
  return (
    <div className="flex min-w-0 grow flex-col gap-1.5 text-small">
      <p className="flex justify-between gap-4">
        <span className="font-strong first-letter:uppercase">{phase}</span>
        <span className="whitespace-nowrap text-soft tabular-nums">
          {percent}%{secondsLeft !== null ? `, about ${formatDuration(secondsLeft)} left` : ''}
        </span>
      </p>
      <progress aria-label={phase} className="h-2 w-full accent-accent" max={100} value={percent} />
    </div>
  );
}
