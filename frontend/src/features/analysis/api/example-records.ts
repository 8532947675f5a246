import { steadyRandom } from '@/lib/steady-random';

const GROUPS = [
  { age: 27, income: 34, visits: 22, regions: ['North', 'North', 'North', 'South'] },
  { age: 45, income: 88, visits: 11, regions: ['South', 'South', 'South', 'West'] },
  { age: 62, income: 47, visits: 4, regions: ['West', 'West', 'North', 'West'] },
] as const;

/** Which group each twelve rows are of: neither in order nor of one size. */
const ORDER = [0, 1, 0, 2, 1, 0, 1, 0, 2, 1, 0, 2] as const;

/** How many rows are enough to tell groups from chance, and few enough to be read. */
const ROWS = 48;

/** Customers in three groups that anyone can see, each known by several columns and by none alone. */
export function exampleRecords(): File {
  const { random, around } = steadyRandom(3);
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const group = GROUPS[ORDER[index % ORDER.length] ?? 0];
    const [age, income, visits] = [around(group.age, 14), around(group.income, 16) * 1000, Math.max(0, around(group.visits, 5))];
    return [index + 1, age, income, visits, group.regions[Math.floor(random() * group.regions.length)]].join(',');
  });
  return new File([['id,age,income,visits,region', ...rows].join('\n')], 'example-customers.csv', { type: 'text/csv' });
}
