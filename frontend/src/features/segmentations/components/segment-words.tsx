import { useEffect, useRef, useState } from 'react';
import { Button, IconButton, TextLink } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { FormProblem, TextArea, TextField } from '@/components/field';
import { SegmentName } from '@/components/segment';
import { toast } from '@/components/toast';
import { messageOf } from '@/lib/http';
import { useUpdateSegment, type Ref, type Segment } from '../api/segmentations';

const failed = (error: unknown): void => toast(messageOf(error), { tone: 'danger' });

/** Renames a segment, and offers the name before. */
function useRename(id: Ref, segment: Segment) {
  const update = useUpdateSegment(id);
  const { lasting_id, name, automatic_name } = segment;
  // An automatic name is no owner's word: to take a rename back is to have none again.
  const before = name === automatic_name ? null : name;
  const rename = (next: string): void => {
    const wanted = next.trim();
    if (wanted === name) return;
    update.mutate(
      { lasting_id, name: wanted === '' ? null : wanted },
      {
        onSuccess: () =>
          toast(wanted === '' ? `The name is ${automatic_name} again` : `${name} is called ${wanted} now`, {
            about: `segment/${id}/${lasting_id}/name`,
            undo: () => void update.mutateAsync({ lasting_id, name: before }).catch(failed),
          }),
        onError: failed,
      },
    );
  };
  return { rename, isPending: update.isPending };
}

interface NameProps {
  id: Ref;
  segment: Segment;
  /** Where the name leads. */
  to?: string;
  mayChange: boolean;
}

/** A segment's name, which leads to its page and can be changed where it stands. */
export function SegmentTitle({ id, segment, to, mayChange }: NameProps) {
  const [editing, setEditing] = useState(false);
  const { rename, isPending } = useRename(id, segment);
  const pencil = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  useEffect(() => {
    if (!editing && wasEditing.current) pencil.current?.focus();
    wasEditing.current = editing;
  }, [editing]);
  if (editing) {
    return (
      <NameField
        start={segment.name}
        onDone={(name) => {
          setEditing(false);
          if (name !== null) rename(name);
        }}
      />
    );
  }
  const name = <SegmentName wrap segment={segment.lasting_id} name={segment.name} />;
  return (
    <span className="flex items-start justify-between gap-2">
      {to === undefined ? (
        name
      ) : (
        <TextLink to={to} className="min-w-0 text-ink! no-underline hover:underline max-md:flex max-md:min-h-11 max-md:items-center">
          {name}
        </TextLink>
      )}
      {mayChange ? <IconButton ref={pencil} icon="edit" label={`Rename ${segment.name}`} className="-mt-1.5 -mr-2 shrink-0" disabled={isPending} onClick={() => setEditing(true)} /> : null}
    </span>
  );
}

function NameField({ start, onDone }: { start: string; onDone: (name: string | null) => void }) {
  const [name, setName] = useState(start);
  const field = useRef<HTMLInputElement>(null);
  const isDone = useRef(false);
  useEffect(() => field.current?.select(), []);
  // What is saved by Enter is left at once, which would save it again.
  const finish = (wanted: string | null): void => {
    if (!isDone.current) onDone(wanted);
    isDone.current = true;
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        finish(name);
      }}
    >
      <TextField
        ref={field}
        label="Name"
        hint="Enter saves, Esc cancels; empty takes the automatic name"
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.target.value)}
        onBlur={() => finish(name)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') finish(null);
        }}
      />
    </form>
  );
}

/** What the owner says of a segment, on its page. */
export function SegmentWordsForm({ id, segment, onClose }: { id: Ref; segment: Segment; onClose: () => void }) {
  const update = useUpdateSegment(id);
  const [note, setNote] = useState(segment.note ?? '');
  const [advice, setAdvice] = useState(segment.advice ?? '');
  const words = (text: string): string | null => (text.trim() === '' ? null : text.trim());
  return (
    <Dialog title={segment.name} onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const { lasting_id } = segment;
          const before = { lasting_id, note: segment.note, advice: segment.advice };
          update.mutate(
            { lasting_id, note: words(note), advice: words(advice) },
            {
              onSuccess: () => {
                toast('Saved', { about: `segment/${id}/${lasting_id}/words`, undo: () => void update.mutateAsync(before).catch(failed) });
                onClose();
              },
            },
          );
        }}
      >
        <TextArea label="Note" rows={3} hint="What you know about these customers" value={note} onChange={(event) => setNote(event.target.value)} />
        <TextArea label="What to do" rows={3} hint="Your own advice, shown before the automatic one" value={advice} onChange={(event) => setAdvice(event.target.value)} />
        <FormProblem>{update.error ? messageOf(update.error) : null}</FormProblem>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={update.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
