/** Keeps very long text out of fields: a megabyte in one stops the browser for minutes. */

const LONGEST = 20_000;

/** `refuse` is called with how many characters it were; places that take tables have taken them by then. */
export function refuseLongText(refuse: (length: number) => void): () => void {
  const check = (event: ClipboardEvent | DragEvent): void => {
    const data = 'clipboardData' in event ? event.clipboardData : event.dataTransfer;
    const isField = event.target instanceof Element && event.target.closest('input, textarea') !== null;
    if (!isField || event.defaultPrevented) return;
    const { length } = data?.getData('text/plain') ?? '';
    if (length <= LONGEST) return;
    event.preventDefault();
    refuse(length);
  };
  document.addEventListener('paste', check);
  document.addEventListener('drop', check);
  return () => {
    document.removeEventListener('paste', check);
    document.removeEventListener('drop', check);
  };
}
