import type { Result } from '../contract/outpost-error.ts';
import { fail, succeed } from '../contract/outpost-error.ts';
import type { AllowedKey, Routing } from './routing.ts';
import { mayUse } from './routing.ts';

/** The model that a feature setting assigns; errors FEATURE_UNKNOWN, FEATURE_DISABLED, FEATURE_UNASSIGNED. */
export function resolveFeature(routing: Routing, feature: string): Result<string> {
  const { features } = routing.table;
  const setting = Object.hasOwn(features, feature) ? features[feature] : undefined;
  if (setting === undefined) {
    return fail(
      'FEATURE_UNKNOWN',
      `Outpost knows no feature "${feature}".`,
      'The list is on the Features page and in "outpost features".',
    );
  }
  switch (setting.state) {
    case 'assigned':
      return succeed(setting.model);
    case 'disabled':
      return fail(
        'FEATURE_DISABLED',
        `The feature "${feature}" is disabled in Outpost.`,
        `The operator enables it with "outpost features set ${feature} MODEL".`,
      );
    case 'unassigned':
      return fail(
        'FEATURE_UNASSIGNED',
        `No model is assigned to the feature "${feature}" in Outpost.`,
        `The operator assigns one with "outpost features set ${feature} MODEL".`,
      );
  }
}

/** The model to serve a request with; errors MODEL_MISSING, MODEL_UNKNOWN, MODEL_NOT_ALLOWED and those of features. */
export function resolveModel(
  routing: Routing,
  key: AllowedKey | null,
  asked: { readonly feature: string | null; readonly model: string | null },
): Result<string> {
  const assigned = asked.feature === null ? null : resolveFeature(routing, asked.feature);
  if (assigned !== null && !assigned.ok) return assigned;
  const model = assigned?.value ?? asked.model;
  if (model === null) {
    return fail(
      'MODEL_MISSING',
      'The request names no model, so Outpost cannot tell where to send it.',
      'Add "model" with one of the names from GET /v1/models to the JSON body.',
    );
  }
  if (!mayUse(key, model)) {
    const what = asked.feature === null ? `the model "${model}"` : `the feature "${asked.feature}" (model "${model}")`;
    return fail(
      'MODEL_NOT_ALLOWED',
      `The API key "${key?.name}" may not use ${what} in Outpost. It may use ${listModels(key)}.`,
      'Use a model from GET /v1/models, or ask the operator for a key that may use it.',
    );
  }
  if (!routing.serversByModel.has(model)) {
    const models = [...routing.serversByModel.keys()].filter((name) => mayUse(key, name));
    const known = models.length === 0 ? 'It has none.' : `It has ${models.slice(0, 20).join(', ')}.`;
    return fail('MODEL_UNKNOWN', `No model server of this Outpost serves the model "${model.slice(0, 200)}". ${known}`);
  }
  return succeed(model);
}

function listModels(key: AllowedKey | null): string {
  return [...(key?.models ?? [])].slice(0, 20).join(', ') || 'none';
}
