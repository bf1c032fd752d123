// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the assertions are the check
export type StreamEvent = any;

/** The events of a stream that has ended with `[DONE]`; throws for anything that is no `data:` event. */
export function parseEvents(text: string): StreamEvent[] {
  const blocks = text.split('\n\n');
  if (blocks.pop() !== '') throw new Error('A stream ends with an empty line');
  if (blocks.pop() !== 'data: [DONE]') throw new Error(`A stream ends with [DONE]: ${text.slice(-200)}`);
  return blocks.map((block) => {
    if (!block.startsWith('data: ') || block.includes('\n')) throw new Error(`Not an event: ${block}`);
    return JSON.parse(block.slice('data: '.length));
  });
}

export async function readEvents(response: Response): Promise<StreamEvent[]> {
  return parseEvents(await response.text());
}
