import { steadyRandom } from '@/lib/steady-random';

const DAY = 86_400_000;
const START = Date.UTC(2024, 0, 2);
const DAYS = 720;
const PRODUCTS = [
  ['Green tea', 'Tea', 9],
  ['Black tea', 'Tea', 7],
  ['Teapot', 'Pots', 38],
  ['Mug', 'Mugs', 14],
  ['Gift box', 'Gifts', 29],
] as const;

/** A tea shop's order lines over two years, with returns and lines without a customer; the same for everyone. */
export function exampleOrders(): File {
  const { random, around } = steadyRandom(7);
  const lines: { day: number; customer: string; text: string }[] = [];
  let order = 10_000;
  const place = (day: number, customer: string): void => {
    order += 1;
    const count = 1 + Math.floor(random() * 3);
    for (let line = 0; line < count; line += 1) {
      const [product, category, price] = PRODUCTS[Math.floor(random() * PRODUCTS.length)] ?? PRODUCTS[0];
      const quantity = 1 + Math.floor(random() * 3);
      const row = (id: string, when: number, pieces: number): string => [id, new Date(START + when * DAY).toISOString().slice(0, 10), customer, product, category, pieces, price.toFixed(2)].join(',');
      lines.push({ day, customer, text: row(String(order), day, quantity) });
      const back = day + 9;
      if (random() < 0.03 && back < DAYS) lines.push({ day: back, customer, text: row(`C${order}`, back, -quantity) });
    }
  };
  for (let id = 1; id <= 700; id += 1) {
    const customer = `C${String(id).padStart(4, '0')}`;
    // A few come often and stay, many come once or twice and are not seen again.
    const gap = 12 + 200 * random() ** 2;
    const leaves = random() < 0.35 ? 0.5 : 0.06;
    let day = Math.floor(random() * (DAYS - 60));
    do {
      place(day, customer);
      day += Math.max(1, around(gap, gap));
    } while (day < DAYS && random() > leaves);
  }
  for (let guest = 0; guest < 60; guest += 1) place(Math.floor(random() * DAYS), '');
  const sorted = lines.sort((a, b) => a.day - b.day || a.customer.localeCompare(b.customer));
  return new File([`${['order_id,order_date,customer_id,product,category,quantity,unit_price', ...sorted.map(({ text }) => text)].join('\n')}\n`], 'example-orders.csv', { type: 'text/csv' });
}
