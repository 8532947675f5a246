import { useEffect, useRef, useState } from 'react';
import { Button, IconButton } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { FormProblem } from '@/components/field';
import { SegmentName } from '@/components/segment';
import { toast } from '@/components/toast';
import { messageOf } from '@/lib/http';
import { useOrderSegments, type Positions, type Ref, type Segment } from '../api/segmentations';
import { inOrder } from './opened';

/** The positions that change, and those before: an order is of all segments, or of none. */
function changesTo(order: readonly Segment[], isOwn: boolean): { next: Positions; before: Positions } {
  const moved = order.map((segment, position) => ({ segment, position: isOwn ? position : null })).filter(({ segment, position }) => segment.position !== position);
  return {
    next: moved.map(({ segment: { lasting_id }, position }) => ({ lasting_id, position })),
    before: moved.map(({ segment: { lasting_id, position } }) => ({ lasting_id, position })),
  };
}

/** Where the segments are: a way to put them in another order. */
export function OrderButton({ id, segments, mayChange }: { id: Ref; segments: readonly Segment[]; mayChange: boolean }) {
  const [open, setOpen] = useState(false);
  if (!mayChange || segments.length < 2) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>Change order</Button>
      {open ? <SegmentOrderDialog id={id} segments={segments} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

/** In which order the segments are shown everywhere; moved one place at a time, by key or by touch. */
function SegmentOrderDialog({ id, segments, onClose }: { id: Ref; segments: readonly Segment[]; onClose: () => void }) {
  const save = useOrderSegments(id);
  const [order, setOrder] = useState(() => [...inOrder(segments)]);
  const [said, setSaid] = useState('');
  // A row that is put elsewhere in the page loses the focus.
  const pressed = useRef<HTMLElement>(null);
  useEffect(() => pressed.current?.focus(), [order]);
  const move = (from: number, to: number, button: HTMLElement): void => {
    const segment = order[from];
    if (segment === undefined || to < 0 || to >= order.length) return;
    pressed.current = button;
    setOrder(order.toSpliced(from, 1).toSpliced(to, 0, segment));
    setSaid(`${segment.name} is number ${to + 1} of ${order.length}`);
  };
  const button = (word: 'up' | 'down', { name }: Segment, index: number) => {
    const to = word === 'up' ? index - 1 : index + 1;
    return <IconButton icon={word} label={`Move ${name} ${word}`} aria-disabled={to < 0 || to >= order.length || undefined} className="aria-disabled:opacity-40" onClick={(event) => move(index, to, event.currentTarget)} />;
  };
  const take = (isOwn: boolean): void => {
    const { next, before } = changesTo(order, isOwn);
    if (next.length === 0) onClose();
    else
      save.mutate(next, {
        onSuccess: () => {
          toast(isOwn ? 'The segments are in your order now' : 'The largest segments come first again', {
            about: `segmentation/${id}/order`,
            undo: () => void save.mutateAsync(before).catch((error: unknown) => toast(messageOf(error), { tone: 'danger' })),
          });
          onClose();
        },
      });
  };
  return (
    <Dialog title="Order of the segments" description="It is used on every page of this segmentation and kept over versions." onClose={onClose}>
      <ol aria-label="Segments" className="flex flex-col divide-y divide-line border-y border-line">
        {order.map((segment, index) => (
          <li key={segment.lasting_id} className="flex items-center justify-between gap-2 py-1">
            <SegmentName wrap segment={segment.lasting_id} name={segment.name} />
            <span className="flex shrink-0">
              {button('up', segment, index)}
              {button('down', segment, index)}
            </span>
          </li>
        ))}
      </ol>
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
      <FormProblem>{save.error ? messageOf(save.error) : null}</FormProblem>
      <div className="flex flex-wrap justify-end gap-2">
        {segments.some(({ position }) => position !== null) ? (
          <Button className="mr-auto" onClick={() => take(false)}>
            Largest first
          </Button>
        ) : null}
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" busy={save.isPending} onClick={() => take(true)}>
          Save order
        </Button>
      </div>
    </Dialog>
  );
}
