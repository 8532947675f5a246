import { useQueryClient } from '@tanstack/react-query';
import { hasRole, useAccount } from '@/lib/session';
import { useFileUpload } from '@/lib/upload';
import type { Dataset } from './datasets';

export function useUpload() {
  const queries = useQueryClient();
  const path = hasRole(useAccount(), 'analyst') ? '/api/v1/datasets/upload' : '/api/v1/files';
  return useFileUpload<Dataset>(path, {
    onSuccess: (dataset) => {
      queries.setQueryData(['datasets', dataset.id], dataset);
      return queries.invalidateQueries({ queryKey: ['datasets'], exact: true });
    },
  });
}
