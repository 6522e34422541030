// What a dashboard of this project may be made of: Grafana's own types, with those panels told apart that we use.
// "Record<string, unknown>" in Grafana's types, for options and queries, is made exact here.
import * as grafana from '@grafana/schema';
import * as bargauge from '@grafana/schema/dist/types/raw/composable/bargauge/panelcfg/x/types.gen';
import * as heatmap from '@grafana/schema/dist/types/raw/composable/heatmap/panelcfg/x/types.gen';
import * as stat from '@grafana/schema/dist/types/raw/composable/stat/panelcfg/x/types.gen';
import * as statetimeline from '@grafana/schema/dist/types/raw/composable/statetimeline/panelcfg/x/types.gen';
import * as table from '@grafana/schema/dist/types/raw/composable/table/panelcfg/x/types.gen';
import * as timeseries from '@grafana/schema/dist/types/raw/composable/timeseries/panelcfg/x/types.gen';

interface PrometheusRef {
    type: 'prometheus';
    uid: string;
}

/** A query of Grafana's data source for Prometheus. */
interface PrometheusQuery {
    datasource: PrometheusRef;
    refId: string;
    expr: string;
    legendFormat?: string;
    format?: 'time_series' | 'table' | 'heatmap';
    editorMode?: 'code' | 'builder';
    instant?: boolean;
    range?: boolean;
    interval?: string;
    exemplar?: boolean;
    hide?: boolean;
}

interface Of<Type extends string, Options, Custom>
    extends Omit<grafana.Panel, 'type' | 'options' | 'fieldConfig' | 'targets' | 'datasource'> {
    type: Type;
    id: number;
    title: string;
    description: string;
    gridPos: grafana.GridPos;
    datasource: PrometheusRef;
    targets: PrometheusQuery[];
    options: Options;
    fieldConfig: {
        defaults: Omit<grafana.FieldConfig, 'custom'> & { custom?: Custom };
        overrides: { matcher: { id: string; options?: unknown }; properties: { id: string; value?: unknown }[] }[];
    };
}

// Grafana fills in what is left out of options.
export type TimeSeries = Of<'timeseries', Partial<timeseries.Options>, Partial<timeseries.FieldConfig>>;
export type Stat = Of<'stat', Partial<stat.Options>, {}>;
export type BarGauge = Of<'bargauge', Partial<bargauge.Options>, {}>;
export type Heatmap = Of<'heatmap', Partial<heatmap.Options>, Partial<heatmap.FieldConfig>>;
export type StateTimeline = Of<'state-timeline', Partial<statetimeline.Options>, Partial<statetimeline.FieldConfig>>;
export type Table = Of<'table', Partial<table.Options>, Partial<grafana.TableFieldOptions>>;

interface Variable extends Omit<grafana.VariableModel, 'datasource'> {
    datasource?: PrometheusRef;
}

export interface Row extends Omit<grafana.RowPanel, 'panels'> {
    title: string;
    gridPos: grafana.GridPos;
    panels: [];
}

export interface ModelyardDashboard extends Omit<grafana.Dashboard, 'panels' | 'templating' | 'annotations' | 'snapshot'> {
    $schema?: string;
    uid: string;
    title: string;
    description: string;
    tags: string[];
    templating: { list: Variable[] };
    panels: (TimeSeries | Stat | BarGauge | Heatmap | StateTimeline | Table | Row)[];
}
