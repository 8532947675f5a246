import { useMutation } from '@tanstack/react-query';
import { toast } from '@/components/toast';
import { download } from '@/lib/client';
import { fileNameOf } from '@/lib/file-name';
import { messageOf } from '@/lib/http';
import type { HistoryFilter } from './list-history';

export function useExportHistory() {
  return useMutation({
    mutationFn: (filter: HistoryFilter) => {
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries(filter)) if (value != null) query.set(name, String(value));
      return download(`/history/export?${query.toString()}`, fileNameOf(['predictions'], 'csv'));
    },
    onError: (error) => toast(messageOf(error), { tone: 'danger' }),
  });
}
