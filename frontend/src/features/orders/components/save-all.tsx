import { useState } from 'react';
import { Button } from '@/components/button';
import { toast } from '@/components/toast';
import { save } from '@/lib/client';
import { csvFile } from '@/lib/csv';
import { fileNameOf, pageName } from '@/lib/file-name';
import { messageOf } from '@/lib/http';

const PART = 1000;

export interface Part<Member> {
  customers: Member[];
  total: number;
}

interface SaveAllProps<Member> {
  /** What the file has of each. */
  fields: readonly (keyof Member & string)[];
  fetchPart: (skip: number, limit: number) => Promise<Part<Member>>;
  /** What the file is called, after the page. */
  name?: string;
}

/** All of them, a part at a time. */
async function fetchAll<Member>(fetchPart: SaveAllProps<Member>['fetchPart']): Promise<Member[]> {
  const all: Member[] = [];
  for (let total = Infinity; all.length < total; ) {
    const part = await fetchPart(all.length, PART);
    if (part.customers.length === 0) break;
    all.push(...part.customers);
    total = part.total;
  }
  return all;
}

/** Takes a list away that is shown page by page. */
export function SaveAll<Member>({ fields, fetchPart, name = 'customers' }: SaveAllProps<Member>) {
  const [saving, setSaving] = useState(false);
  const download = (): void => {
    setSaving(true);
    void fetchAll(fetchPart)
      .then((all) => save(csvFile({ columns: fields, rows: all.map((member) => fields.map((field) => member[field] as string | number | null)) }), fileNameOf([pageName(), name], 'csv')))
      .catch((error: unknown) => toast(messageOf(error), { tone: 'danger' }))
      .finally(() => setSaving(false));
  };
  return (
    <Button icon="download" busy={saving} onClick={download}>
      Download CSV
    </Button>
  );
}
