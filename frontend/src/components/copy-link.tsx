import { IconButton } from '@/components/button';
import { toast } from '@/components/toast';
import { copied } from '@/lib/clipboard';

/** Copies the address of what is on the page, with all that was chosen there. */
export function CopyLink() {
  const copy = (): void => {
    const address = window.location.href;
    void copied(address).then((is) => (is ? toast('The link is copied', { about: 'link' }) : toast(`The browser does not allow copying. The address is ${address}`, { tone: 'danger', about: 'link' })));
  };
  return <IconButton icon="link" label="Copy link" onClick={copy} />;
}
