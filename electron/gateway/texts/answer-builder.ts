/** What part of an answer a piece of text belongs to. */
export type AnswerPart = 'reasoning' | 'content' | 'tool';

/** Longer answers are searchable by their beginning. */
const MAX_CHARACTERS = 4 * 1024 * 1024;

/** Collects the pieces of an answer into the text that search finds: per choice its reasoning, content and tool calls. */
export class AnswerBuilder {
  readonly #choices = new Map<number, Record<AnswerPart, string>>();
  #characters = 0;

  add(choice: number, part: AnswerPart, text: string | null): void {
    if (text === null || this.#characters > MAX_CHARACTERS) return;
    let parts = this.#choices.get(choice);
    if (!parts) this.#choices.set(choice, (parts = { reasoning: '', content: '', tool: '' }));
    parts[part] += text;
    this.#characters += text.length;
  }

  /** Null when nothing readable came. */
  text(): string | null {
    const pieces = [...this.#choices.values()].flatMap((parts) =>
      [parts.reasoning, parts.content, parts.tool].filter((text) => text !== ''),
    );
    return pieces.length === 0 ? null : pieces.join('\n');
  }
}
