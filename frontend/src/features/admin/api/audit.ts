import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import type { components, paths } from '@/api/schema';
import { client, download, unwrap } from '@/lib/client';
import { fileNameOf } from '@/lib/file-name';

export type AuditEvent = components['schemas']['AuditEventOut'];
export type AuditFilter = NonNullable<paths['/admin/audit']['get']['parameters']['query']>;

export const useAudit = (query: AuditFilter) =>
  useQuery({ queryKey: ['admin', 'audit', query], queryFn: () => unwrap(client.GET('/admin/audit', { params: { query } })), placeholderData: keepPreviousData });

export const useAuditCheck = () => useMutation({ mutationFn: () => unwrap(client.GET('/admin/audit/check')) });

/** Saves the events that a filter leaves, all of them, as CSV. */
export function saveAudit(filter: AuditFilter): Promise<void> {
  const query = new URLSearchParams(Object.entries(filter).map(([name, value]) => [name, String(value)]));
  return download(`/admin/audit/export?${query}`, fileNameOf(['audit'], 'csv'));
}

/** The settings that this server runs with, as the log has them since the last start that changed one. */
export const useServerSettings = () =>
  useQuery({
    queryKey: ['admin', 'settings'],
    queryFn: () => unwrap(client.GET('/admin/audit', { params: { query: { action: 'settings.changed', limit: 1 } } })),
    select: ({ events }) => events.map(({ at, details }) => ({ at, settings: details.settings as Readonly<Record<string, unknown>> }))[0] ?? null,
  });
