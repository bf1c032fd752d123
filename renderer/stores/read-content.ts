import { asArray, asObject, asString } from './read-json.ts';
import type { JsonObject } from './read-json.ts';
import { textOf } from './assemble-answer.ts';

/** One piece of a message as it stands in a body, in its order. */
export type ContentPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'reasoning'; readonly text: string }
  | { readonly kind: 'image'; readonly url: string }
  /** Audio, files and whatever else is not text; `detail` is a name, an address or a format, or null. */
  | { readonly kind: 'other'; readonly what: string; readonly detail: string | null };

/** Pictures that a browser draws without running anything; SVG may carry scripts and is shown as a link. */
const drawnImage = /^data:image\/(png|jpe?g|gif|webp|avif|bmp);base64,/i;

/** Whether an image is inside the body itself, so that showing it asks nobody on the network. */
export function isDrawnImage(url: string): boolean {
  return drawnImage.test(url);
}

/** Parts of a content that is a text, a list of parts, or nothing; tool calls are read elsewhere. */
export function readContent(content: unknown): readonly ContentPart[] {
  if (typeof content === 'string') return textPart(content);
  return asArray(content).flatMap((value) =>
    typeof value === 'string' ? textPart(value) : readPart(asObject(value) ?? {}),
  );
}

function readPart(part: JsonObject): readonly ContentPart[] {
  const type = asString(part['type']);
  switch (type) {
    case 'image_url':
    case 'input_image':
      return [{ kind: 'image', url: imageUrl(part['image_url']) }];
    case 'image':
      return [{ kind: 'image', url: anthropicUrl(asObject(part['source']), 'image/png') }];
    case 'thinking':
      return reasoningPart(asString(part['thinking']) ?? '');
    case 'reasoning':
    case 'reasoning_text':
    case 'summary_text':
      return reasoningPart(asString(part['text']) ?? '');
    case 'tool_result':
      return readContent(part['content']);
    case 'tool_use':
      return [];
    case 'refusal':
      return textPart(asString(part['refusal']) ?? '');
    case 'input_audio':
    case 'audio_url':
      return [{ kind: 'other', what: 'audio', detail: asString(asObject(part['input_audio'])?.['format']) }];
    case 'document':
    case 'file':
    case 'input_file':
      return [{ kind: 'other', what: 'file', detail: fileName(part) }];
    default: {
      const text = textOf([part]);
      if (text !== '' || type === null) return textPart(text);
      const textual = type === 'text' || type === 'input_text' || type === 'output_text';
      return textual ? [] : [{ kind: 'other', what: type.replaceAll('_', ' '), detail: null }];
    }
  }
}

function imageUrl(value: unknown): string {
  return asString(value) ?? asString(asObject(value)?.['url']) ?? '';
}

function anthropicUrl(source: JsonObject | null, fallbackType: string): string {
  const data = asString(source?.['data']);
  if (data === null) return asString(source?.['url']) ?? '';
  return `data:${asString(source?.['media_type']) ?? fallbackType};base64,${data}`;
}

function fileName(part: JsonObject): string | null {
  const file = asObject(part['file']) ?? part;
  return asString(file['filename']) ?? asString(part['title']) ?? asString(file['file_id']);
}

function textPart(text: string): readonly ContentPart[] {
  return text === '' ? [] : [{ kind: 'text', text }];
}

function reasoningPart(text: string): readonly ContentPart[] {
  return text === '' ? [] : [{ kind: 'reasoning', text }];
}
