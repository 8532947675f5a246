/**
 * The segments' colours: on white those of the pictures the server draws. Okabe and Ito's eight,
 * safe for colour-blind eyes, adjusted to stand out 3 to 1 from each theme's surface, then shades of
 * them further from it. Fifteen colours and four shapes give sixty marks before one comes again.
 */

export type Theme = 'light' | 'dark';

export const SEGMENT_COLORS: Record<Theme, readonly string[]> = {
  light: [
    '#0072b2', '#b87700', '#008a62', '#d55e00', '#b5598f', '#3493cb', '#827a00', '#3a3d44',
    '#003f62', '#653f00', '#00452f', '#752f00', '#63304e', '#1c5070', '#474300',
  ],
  dark: [
    '#4da6e0', '#e6a51f', '#2fbf8f', '#f5843a', '#de8fbb', '#86ccf2', '#ddd046', '#b9bdc6',
    '#b8dbf3', '#f5dba5', '#ace5d2', '#fbceb0', '#f2d2e4', '#cfebfa', '#f1ecb5',
  ],
};

/** Customers that belong to no segment, and everything that is not one. */
export const NOISE_COLOR: Record<Theme, string> = { light: '#7b8190', dark: '#868d9c' };

export const SEGMENT_SHAPES = ['circle', 'diamond', 'triangle', 'rect'] as const;
export type SegmentShape = (typeof SEGMENT_SHAPES)[number];

export function segmentColor(segment: number, theme: Theme): string {
  const colors = SEGMENT_COLORS[theme];
  return segment < 0 ? NOISE_COLOR[theme] : (colors[segment % colors.length] ?? NOISE_COLOR[theme]);
}

export function segmentShape(segment: number): SegmentShape {
  return SEGMENT_SHAPES[Math.max(0, segment) % SEGMENT_SHAPES.length] ?? 'circle';
}

/** The same colours for style sheets: `var(--segment-0)`. */
export const segmentVariable = (segment: number): string =>
  segment < 0 ? 'var(--noise)' : `var(--segment-${segment % SEGMENT_COLORS.light.length})`;

export function publishPalette(theme: Theme): void {
  const { style } = document.documentElement;
  SEGMENT_COLORS[theme].forEach((color, index) => style.setProperty(`--segment-${index}`, color));
  style.setProperty('--noise', NOISE_COLOR[theme]);
}
