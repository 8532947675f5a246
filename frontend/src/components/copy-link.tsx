import { IconButton } from '@/components/button';
import { toast } from '@/components/toast';

/** Copies the address of what is on the page, with all that was chosen there. */
export function CopyLink() {
  const copy = (): void => {
    const address = window.location.href;
    // Browsers keep the clipboard from pages without encryption, other than those of the same machine.
    const failed = (): void => toast(`The browser does not allow copying. The address is ${address}`, { tone: 'danger', about: 'link' });
    const clipboard = navigator.clipboard as Clipboard | undefined;
    if (clipboard) clipboard.writeText(address).then(() => toast('The link is copied', { about: 'link' }), failed);
    else failed();
  };
  return <IconButton icon="link" label="Copy link" onClick={copy} />;
}
