import { useEffect, useImperativeHandle, useRef, type Ref } from 'react';
import { BarChart, HeatmapChart, LineChart, RadarChart, SankeyChart, ScatterChart } from 'echarts/charts';
import { DataZoomInsideComponent, GridComponent, LegendComponent, MarkLineComponent, RadarComponent, TooltipComponent, VisualMapContinuousComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { EChartsOption } from 'echarts';

echarts.use([
  BarChart, HeatmapChart, LineChart, RadarChart, SankeyChart, ScatterChart,
  DataZoomInsideComponent, GridComponent, LegendComponent, MarkLineComponent, RadarComponent, TooltipComponent, VisualMapContinuousComponent, CanvasRenderer,
]);

const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;

export interface Drawing {
  toPng: () => Promise<Blob | null>;
}

interface EngineProps {
  option: EChartsOption;
  background: string;
  label: string;
  /** What was clicked, by its place in the first series' data. */
  onPick?: ((index: number) => void) | undefined;
  ref?: Ref<Drawing>;
}

/** The chart itself, on a canvas; loaded only where one is shown. */
export default function Engine({ option, background, label, onPick, ref }: EngineProps) {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.ECharts>(null);

  useEffect(() => {
    if (element.current === null) return;
    const made = echarts.init(element.current);
    chart.current = made;
    const resize = new ResizeObserver(() => made.resize());
    resize.observe(element.current);
    return () => {
      resize.disconnect();
      made.dispose();
    };
  }, []);

  useEffect(() => {
    chart.current?.setOption({ animation: !calm, animationDuration: 150, animationDurationUpdate: 150, ...option }, { notMerge: true });
  }, [option]);

  useEffect(() => {
    const { current } = chart;
    if (current === null || onPick === undefined) return;
    const pick = ({ dataIndex, dataType }: { dataIndex: number; dataType?: string }): void => {
      if (dataType !== 'node') onPick(dataIndex);
    };
    current.on('click', pick);
    return () => {
      if (!current.isDisposed()) current.off('click', pick);
    };
  }, [onPick]);

  useImperativeHandle(ref, () => ({
    // As an address the picture could not be fetched: the page's policy keeps it to its own server.
    toPng: () => new Promise((resolve) => {
      if (chart.current === null) resolve(null);
      else chart.current.renderToCanvas({ pixelRatio: 2, backgroundColor: background }).toBlob(resolve, 'image/png');
    }),
  }), [background]);

  return <div ref={element} role="img" aria-label={label} className="h-full w-full" />;
}
