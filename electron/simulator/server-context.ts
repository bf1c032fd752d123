import type { Engine } from './engine.ts';
import type { SimulatorOptions } from './flags.ts';
import type { RequestFault } from './faults.ts';
import type { MetricFamily } from './metric-families.ts';

/** What the routes work with. */
export interface ServerContext {
  readonly options: SimulatorOptions;
  readonly engine: Engine;
  readonly families: readonly MetricFamily[];
  readonly systemFingerprint: string;
  /** Whether the engine is dead: `/health` answers 503 and inference 500. */
  readonly isEngineDead: () => boolean;
  /** Counts one inference request and tells what it sets off. */
  readonly onInferenceRequest: () => RequestFault;
  /** Ends the process as a crash does. */
  readonly crash: () => void;
  /** Requests being worked on, for `/load`. */
  readonly load: { current: number };
  readonly nowSeconds: () => number;
}
