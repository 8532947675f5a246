import { useEffect, useImperativeHandle, useRef, type Ref } from 'react';
import { BarChart, LineChart, RadarChart, ScatterChart } from 'echarts/charts';
import { DataZoomInsideComponent, GridComponent, MarkLineComponent, RadarComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { EChartsOption } from 'echarts';

echarts.use([BarChart, LineChart, RadarChart, ScatterChart, DataZoomInsideComponent, GridComponent, MarkLineComponent, RadarComponent, TooltipComponent, CanvasRenderer]);

const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;

export interface Drawing {
  toPng: () => string;
}

interface EngineProps {
  option: EChartsOption;
  background: string;
  label: string;
  ref?: Ref<Drawing>;
}

/** The chart itself, on a canvas; loaded only where one is shown. */
export default function Engine({ option, background, label, ref }: EngineProps) {
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

  useImperativeHandle(ref, () => ({
    toPng: () => chart.current?.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: background }) ?? '',
  }), [background]);

  return <div ref={element} role="img" aria-label={label} className="h-full w-full" />;
}
