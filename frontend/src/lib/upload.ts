/** Sending a file to the server, with its progress; what an ended session interrupted is sent again. */

import { useState } from 'react';
import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import { API_URL } from '@/lib/client';
import { ApiError, ServerAway, toApiError } from '@/lib/http';
import { session } from '@/lib/session';

/** Sends a file and says how far it has come; `fetch` cannot tell that. */
function send<T>(path: string, file: File, onProgress: (share: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const { token } = session.get();
    request.open('POST', API_URL + path);
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
      if (request.status >= 200 && request.status < 300) {
        resolve(body as T);
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

/** The file that a session ended before; its owner finds it again, as long as the page lives. */
let interrupted: { path: string; file: File; owner: number | undefined } | null = null;

/** The file that was on its way to this address when the session ended. */
export function takeInterrupted(path: string): File | null {
  if (interrupted?.path !== path) return null;
  const found = interrupted.owner === session.get().account?.id ? interrupted.file : null;
  interrupted = null;
  return found;
}

/** A file that a visitor brought; it waits until they have signed in. */
let brought: { file: File; owner: number | undefined } | null = null;

export function bring(file: File): void {
  brought = { file, owner: session.get().account?.id };
}

/** What to say while it waits. */
export const sayBrought = (): string | undefined => (brought === null ? undefined : `${brought.file.name} will be read as soon as you are signed in.`);

/** What a visitor brought is for whoever signs in; what an ended session left is its owner's alone. */
export function takeBrought(): File | null {
  const found = brought !== null && (brought.owner === undefined || brought.owner === session.get().account?.id) ? brought.file : null;
  brought = null;
  return found;
}

export type FileUpload<T> = Pick<UseMutationResult<T, Error, File>, 'isPending' | 'variables' | 'error' | 'mutate' | 'mutateAsync'> & {
  path: string;
  /** How much of the file has been sent, from 0 to 1. */
  share: number;
};

export function useFileUpload<T>(path: string, { onSuccess }: { onSuccess: (answer: T) => unknown }): FileUpload<T> {
  const [share, setShare] = useState(0);
  const mutation = useMutation<T, Error, File>({
    mutationFn: (file: File) => {
      setShare(0);
      return send<T>(path, file, setShare);
    },
    onError: (error, file) => {
      if (error instanceof ApiError && error.status === 401) interrupted = { path, file, owner: session.get().account?.id };
    },
    onSuccess,
  });
  const { isPending, variables, error, mutate, mutateAsync } = mutation;
  return { isPending, variables, error, mutate, mutateAsync, path, share };
}
