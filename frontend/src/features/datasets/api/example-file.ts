import { steadyRandom } from '@/lib/steady-random';

/** A small table to try things with, the same for everyone. */
export function exampleFile(): File {
  const { random, around } = steadyRandom(42);
  const groups = [
    { age: 28, income: 38, score: 76, region: 'North' },
    { age: 44, income: 88, score: 80, region: 'South' },
    { age: 52, income: 84, score: 22, region: 'West' },
    { age: 36, income: 30, score: 24, region: 'East' },
  ];
  const regions = groups.map(({ region }) => region);
  const lines = ['customer_id,age,annual_income,spending_score,gender,region'];
  for (let id = 1; id <= 240; id += 1) {
    const group = groups[Math.floor(random() * groups.length)] ?? { age: 40, income: 60, score: 50, region: 'North' };
    const region = random() < 0.7 ? group.region : regions[Math.floor(random() * regions.length)];
    lines.push([id, around(group.age, 12), around(group.income, 16), around(group.score, 16), random() < 0.5 ? 'Female' : 'Male', region].join(','));
  }
  return new File([`${lines.join('\n')}\n`], 'example-customers.csv', { type: 'text/csv' });
}
