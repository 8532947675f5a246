export function Logo() {
  return (
    <svg aria-hidden viewBox="0 0 32 32" width={24} height={24} className="shrink-0">
      <rect width="32" height="32" rx="7" fill="#2450c8" />
      <g fill="#fff">
        <circle cx="10" cy="11" r="4" />
        <circle cx="22" cy="10" r="3" />
        <circle cx="17" cy="22" r="5" />
      </g>
    </svg>
  );
}

