export interface FittedColumn {
  readonly id: string;
  /** Least width in pixels. */
  readonly width: number;
  /** Columns with a higher number leave first when there is too little room; 0 never leaves. */
  readonly rank: number;
}

/** The columns that fit into a width, in their order. */
export function fitColumns<C extends FittedColumn>(columns: readonly C[], widthPx: number): readonly C[] {
  let left = columns;
  for (;;) {
    const needed = left.reduce((sum, { width }) => sum + width, 0);
    const last = left.reduce<C | null>((worst, one) => (one.rank >= (worst?.rank ?? 1) ? one : worst), null);
    if (needed <= widthPx || !last) return left;
    left = left.filter((column) => column !== last);
  }
}
