import { segmentColor, type Theme } from '@/lib/palette';

/** The page's colours as a canvas needs them: as values, not as variables. */
export interface ChartInk {
  ink: string;
  soft: string;
  line: string;
  surface: string;
  sunken: string;
  accent: string;
  onAccent: string;
  segment: (index: number) => string;
}

export function chartInk(theme: Theme): ChartInk {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => style.getPropertyValue(name).trim() || '#808080';
  return {
    ink: of('--ink'),
    soft: of('--soft'),
    line: of('--line'),
    surface: of('--surface'),
    sunken: of('--sunken'),
    accent: of('--accent'),
    onAccent: of('--on-accent'),
    segment: (index) => segmentColor(index, theme),
  };
}

/** From how many points on a series is drawn as one, without a look of its own for the point under the mouse. */
export const LARGE = 300;

interface AxisWords {
  name: string;
  unit?: string;
}

/** An axis with a name and a unit, drawn quietly. */
export function axis(ink: ChartInk, { name, unit }: AxisWords, vertical: boolean) {
  return {
    name: unit ? `${name} (${unit})` : name,
    nameLocation: 'middle' as const,
    nameGap: vertical ? 42 : 28,
    nameTextStyle: { color: ink.soft, fontSize: 12 },
    axisLine: { lineStyle: { color: ink.line } },
    axisTick: { show: false },
    axisLabel: { color: ink.soft, fontSize: 12, hideOverlap: true },
    splitLine: { lineStyle: { color: ink.line, opacity: 0.7 } },
  };
}

export function tooltip(ink: ChartInk) {
  return {
    backgroundColor: ink.surface,
    borderColor: ink.line,
    textStyle: { color: ink.ink, fontSize: 13, fontWeight: 'normal' as const },
    transitionDuration: 0,
    confine: true,
  };
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for a tooltip, which takes markup: names come from people's files. */
export const escapeText = (text: string): string => text.replace(/[&<>"]/g, (mark) => ESCAPES[mark] ?? mark);

/** A name that has to fit. */
export const short = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
