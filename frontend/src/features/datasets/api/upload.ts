import { useQueryClient } from '@tanstack/react-query';
import { useFileUpload } from '@/lib/upload';
import type { Dataset } from './datasets';

export function useUpload() {
  const queries = useQueryClient();
  return useFileUpload<Dataset>('/api/v1/datasets/upload', {
    onSuccess: (dataset) => {
      queries.setQueryData(['datasets', dataset.id], dataset);
      return queries.invalidateQueries({ queryKey: ['datasets'], exact: true });
    },
  });
}
