import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Dataset } from './datasets';
import { API_URL } from '@/lib/client';
import { ApiError, ServerAway, toApiError } from '@/lib/http';
import { session } from '@/lib/session';

/** Sends a file and says how far it has come; `fetch` cannot tell that. */
function upload(file: File, onProgress: (share: number) => void): Promise<Dataset> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const { token } = session.get();
    request.open('POST', `${API_URL}/api/v1/datasets/upload`);
    if (token !== null) request.setRequestHeader('Authorization', `Bearer ${token}`);
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(new ServerAway());
    request.onload = () => {
      let body: unknown = null;
      try {
        body = JSON.parse(request.responseText);
      } catch {
        // An answer that is not JSON is told by its status alone.
      }
      if (request.status === 201) {
        resolve(body as Dataset);
        return;
      }
      if (request.status === 401 && session.get().token === token) session.end('expired');
      const headers = new Headers();
      const retryAfter = request.getResponseHeader('Retry-After');
      if (retryAfter !== null) headers.set('Retry-After', retryAfter);
      reject(toApiError(new Response(null, { status: request.status, headers }), body));
    };
    const form = new FormData();
    form.append('file', file);
    request.send(form);
  });
}

/** The file that a session ended before; whoever sent it finds it again, as long as the page lives. */
let interrupted: { file: File; owner: number | undefined } | null = null;

export function takeInterrupted(): File | null {
  const found = interrupted?.owner === session.get().account?.id ? interrupted?.file : null;
  interrupted = null;
  return found ?? null;
}

export function useUpload() {
  const queries = useQueryClient();
  const [share, setShare] = useState(0);
  const mutation = useMutation({
    mutationFn: (file: File) => {
      setShare(0);
      return upload(file, setShare);
    },
    onError: (error, file) => {
      if (error instanceof ApiError && error.status === 401) interrupted = { file, owner: session.get().account?.id };
    },
    onSuccess: (dataset) => {
      queries.setQueryData(['datasets', dataset.id], dataset);
      return queries.invalidateQueries({ queryKey: ['datasets'], exact: true });
    },
  });
  return { ...mutation, share };
}
