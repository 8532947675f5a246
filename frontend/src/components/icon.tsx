const PATHS = {
  start: 'm4 11 8-7 8 7v9h-5v-6H9v6H4z',
  dashboard: 'M4 13h6V4H4zm10 7h6V4h-6zM4 20h6v-4H4z',
  history: 'M12 7v5l3 2M4.5 9A8 8 0 1 1 4 12M4 4v5h5',
  customers: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7m-6 9c0-3.5 2.7-5.5 6-5.5s6 2 6 5.5M16 4.3a3.5 3.5 0 0 1 0 6.4M21 20c0-2.700-1.300-4.500-3.500-5.200',
  datasets: 'M4 6c0-1.700 3.600-3 8-3s8 1.300 8 3-3.600 3-8 3-8-1.300-8-3m0 0v12c0 1.700 3.600 3 8 3s8-1.300 8-3V6M4 12c0 1.700 3.600 3 8 3s8-1.300 8-3',
  orders: 'M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6m-6 4h6',
  analyse: 'M4 20V10m5 10V4m5 16v-7m5 7V8',
  models: 'm12 3 8 4.500v9L12 21l-8-4.500v-9zm0 9 8-4.500M12 12v9m0-9L4 7.500',
  admin: 'M12 3 5 6v5c0 4.500 2.900 8 7 10 4.100-2 7-5.500 7-10V6zm-3 9 2 2 4-4',
  settings: 'M4 7h10m4 0h2M4 17h2m4 0h10M16 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4m-8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4',
  code: 'm8 8-4 4 4 4m8-8 4 4-4 4m-3-10-2 12',
  link: 'M10 14a4 4 0 0 0 6 .400l3-3A4 4 0 0 0 13.300 5.700l-1.300 1.300M14 10a4 4 0 0 0-6-.400l-3 3a4 4 0 0 0 5.700 5.700l1.300-1.300',
  bell: 'M6 16V11a6 6 0 0 1 12 0v5l1.500 2h-15zM10 20.500h4',
  help: 'M9.200 9a2.900 2.900 0 1 1 4.300 2.500c-1 .600-1.500 1.200-1.500 2.300M12 17.500v.010M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18',
  more: 'M5 12h.010M12 12h.010M19 12h.010',
  close: 'm6 6 12 12M18 6 6 18',
  down: 'm6 9 6 6 6-6',
  up: 'm6 15 6-6 6 6',
  left: 'm15 6-6 6 6 6',
  right: 'm9 6 6 6-6 6',
  download: 'M12 4v11m-4.500-4.500L12 15l4.500-4.500M4 20h16',
  upload: 'M12 16V4M7.500 8.500 12 4l4.500 4.500M4 20h16',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14m5-2 4 4',
  trash: 'M4 7h16M9 7V4h6v3m-8 0 1 13h8l1-13',
  edit: 'M4 20l1-4L16.500 4.500l3 3L8 19zm10-13 3 3',
  plus: 'M12 5v14M5 12h14',
  check: 'm5 12.500 4.500 4.500L19 7.500',
  warning: 'M12 9v5m0 3v.010M12 3.500 2.500 20h19z',
  theme: 'M20 14.500A8.500 8.500 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500',
  leave: 'M14 4h5v16h-5M10 8l-4 4 4 4m-4-4h9',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'more' ? 3 : 1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      className="shrink-0"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
