/** Background work that stops at every `yield`, so that the thread can hear messages and end in between. */
export type Pause = AsyncGenerator<void, void, void>;
