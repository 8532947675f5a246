/** Notifications of the browser's, for someone who looks elsewhere; they are asked for on a click only. */

export const canAsk = (): boolean => 'Notification' in window && Notification.permission === 'default';

export async function askToNotify(): Promise<boolean> {
  return (await Notification.requestPermission()) === 'granted';
}

export function notify(text: string, open: () => void): void {
  if (!document.hidden || !('Notification' in window) || Notification.permission !== 'granted') return;
  try {
    const shown = new Notification('Customer Segmentation', { body: text, icon: `${import.meta.env.BASE_URL}icon.svg` });
    shown.onclick = () => {
      window.focus();
      open();
      shown.close();
    };
  } catch {
    // Some phones let only service workers notify; the message on the page remains.
  }
}
