import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { components } from '@/api/schema';
import { client, unwrap } from '@/lib/client';

export type Invitation = components['schemas']['InvitationOut'];
export type InvitationCreate = components['schemas']['InvitationCreate'];

const INVITATIONS = ['admin', 'invitations'] as const;

export const useInvitations = () => useQuery({ queryKey: INVITATIONS, queryFn: () => unwrap(client.GET('/admin/invitations')) });

export function useInvite() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: InvitationCreate) => unwrap(client.POST('/admin/invitations', { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: INVITATIONS }),
  });
}

export function useRevokeInvitation() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (invitation_id: number) => unwrap(client.DELETE('/admin/invitations/{invitation_id}', { params: { path: { invitation_id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: INVITATIONS }),
  });
}
