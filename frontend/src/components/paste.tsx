import { useEffect, useEffectEvent, useState } from 'react';
import { Button } from '@/components/button';
import { TextArea } from '@/components/field';
import { fileNameOf } from '@/lib/file-name';

/** What was pasted as the file that it could have been. */
const fileOf = (text: string): File => new File([text], fileNameOf(['pasted'], 'csv'), { type: 'text/csv' });

/** A table that was copied, or a file; a spreadsheet copies a picture of its cells too. */
function pastedFile(data: DataTransfer | null): File | null {
  const text = data?.getData('text/plain') ?? '';
  if (text.trim().includes('\n')) return fileOf(text);
  return [...(data?.files ?? [])].find(({ type }) => !type.startsWith('image/')) ?? null;
}

/** Takes what is pasted anywhere on the page but into a field. */
export function usePasted(onFile: (file: File) => void): void {
  const take = useEffectEvent(onFile);
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      if (event.target instanceof Element && event.target.closest('input, textarea, select')) return;
      const file = pastedFile(event.clipboardData);
      if (file === null) return;
      event.preventDefault();
      take(file);
    };
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  }, []);
}

/** A field to paste a table into. What is pasted never gets there: a megabyte in a field stops the browser for minutes. */
export function PasteBox({ onFile }: { onFile: (file: File) => void }) {
  const [text, setText] = useState('');
  return (
    <div className="flex flex-col gap-3 rounded-card border border-line bg-surface p-4 md:p-5">
      <TextArea
        // eslint-disable-next-line jsx-a11y/no-autofocus -- it was asked for by the button before
        autoFocus
        label="Paste your table here"
        hint="Copy the cells in Excel or Google Sheets, with the column names in the first row, and paste them here."
        rows={3}
        spellCheck={false}
        className="font-mono text-small!"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onPaste={(event) => {
          const file = pastedFile(event.clipboardData);
          if (file === null) return;
          event.preventDefault();
          onFile(file);
        }}
      />
      {text.trim().includes('\n') ? (
        <Button className="self-start" onClick={() => onFile(fileOf(text))}>
          Use this table
        </Button>
      ) : null}
    </div>
  );
}
