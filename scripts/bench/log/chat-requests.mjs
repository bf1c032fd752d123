/** Made-up chat requests whose words are as unevenly spread as real ones (Zipf), the same for the same seed. */

const VOCABULARY = 50_000;
const LETTERS = 'etaoinshrdlucmfwypvbgkjqxz';

export function seededWords(seed) {
  let state = seed;
  const random = () => {
    // Numerical Recipes' generator: enough for text, and the same on every machine.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const words = Array.from({ length: VOCABULARY }, () => {
    const length = 3 + Math.floor(random() * 8);
    return Array.from({ length }, () => LETTERS[Math.floor(random() ** 2 * LETTERS.length)]).join('');
  });
  return {
    byRank: (rank) => words[rank],
    text(count) {
      const picked = Array.from(
        { length: count },
        () => words[Math.floor(Math.exp(random() * Math.log(VOCABULARY))) - 1],
      );
      return picked.join(' ');
    },
  };
}

/** About 3.9 KB of JSON with 3.4 KB of text. */
export function chatRequest(words, n) {
  const promptText = words.text(330);
  const answerText = words.text(180);
  const usage = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 };
  return {
    requestBody: Buffer.from(
      JSON.stringify({ model: `model-${n % 4}`, messages: [{ role: 'user', content: promptText }], temperature: 0.2 }),
    ),
    responseBody: Buffer.from(
      JSON.stringify({
        id: `chatcmpl-${n}`,
        object: 'chat.completion',
        model: `model-${n % 4}`,
        choices: [{ index: 0, message: { role: 'assistant', content: answerText }, finish_reason: 'stop' }],
        usage,
      }),
    ),
    requestHeaders: { 'content-type': 'application/json', 'user-agent': 'bench' },
    responseHeaders: { 'content-type': 'application/json' },
    chunkTimesMs: null,
    promptText,
    answerText,
  };
}
