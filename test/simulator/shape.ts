/** The names and types of a JSON value: `'string'`, `'null'`, `{ name: 'number' }`, `['number']`. */
export type Shape = string | { readonly [name: string]: Shape } | readonly Shape[];

/** The shape of a value. Elements of a list that have the same shape are given once. */
export function shapeOf(value: unknown): Shape {
  if (value === null) return 'null';
  if (Array.isArray(value)) {
    const shapes = value.map(shapeOf);
    const seen = new Set<string>();
    return shapes.filter((shape) => {
      const key = JSON.stringify(shape);
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
  }
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shapeOf(field)]));
  }
  return typeof value;
}
