/** What else to know of a figure, as the server says it. */
export function Notes({ notes, className = '' }: { notes: readonly { code: string; message: string }[]; className?: string }) {
  if (notes.length === 0) return null;
  return (
    <ul className={`flex list-disc flex-col gap-0.5 pl-5 text-small text-soft ${className}`}>
      {notes.map(({ message }) => (
        <li key={message}>{message}</li>
      ))}
    </ul>
  );
}
