import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { CodeBlock } from '../../components/code-block.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import type { ToolCall } from '../../stores/assemble-answer.ts';
import { isDrawnImage } from '../../stores/read-content.ts';
import type { ContentPart } from '../../stores/read-content.ts';
import { formatBody } from './format-body.ts';
import { Highlighted } from './highlighted.tsx';
import { splitCodeBlocks } from './split-code-blocks.ts';
import classes from './requests.module.css';

/** Longer texts are drawn when asked for; a message may hold a whole repository. */
const SHOWN_CHARACTERS = 20_000;

export interface ConversationMessageProps {
  readonly role: string;
  readonly parts: readonly ContentPart[];
  readonly toolCalls: readonly ToolCall[];
  /** Id of the tool call that it answers. */
  readonly answersCall?: string | null;
  /** What the model answered to this request, in contrast to what was sent. */
  readonly answer?: boolean;
}

/** One message with everything in it: text and code, reasoning, pictures, tool calls. */
export function ConversationMessageView(props: ConversationMessageProps) {
  const { role, parts, toolCalls, answersCall = null, answer = false } = props;
  const name = role.charAt(0).toUpperCase() + role.slice(1);
  const text = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n');
  return (
    <div className={classes.message} data-answer={answer} data-role={role}>
      <div className={classes.role}>
        <span>
          {name}
          {answersCall !== null && <span className={classes.callId}> answers {answersCall}</span>}
        </span>
        {text !== '' && <CopyButton text={text} what={`text of ${name.toLowerCase()}`} />}
      </div>
      {parts.map((part, index) => (
        <Part key={index} part={part} />
      ))}
      {toolCalls.map((call, index) => (
        <div key={index} className={classes.tool}>
          <span>
            Calls <code>{call.name}</code>
          </span>
          <CodeBlock code={formatBody(call.arguments) ?? call.arguments} what={`arguments of ${call.name}`} />
        </div>
      ))}
      {parts.length === 0 && toolCalls.length === 0 && <span className={classes.hint}>Without text.</span>}
    </div>
  );
}

function Part({ part }: { readonly part: ContentPart }) {
  switch (part.kind) {
    case 'text':
      return <LongText text={part.text} />;
    case 'reasoning':
      return (
        <details className={classes.reasoning}>
          <summary>Reasoning</summary>
          <LongText text={part.text} />
        </details>
      );
    case 'image':
      return <Picture url={part.url} />;
    case 'other':
      return (
        <div className={classes.hint}>
          {part.detail === null ? `with ${part.what}` : `with ${part.what}: ${part.detail}`}
        </div>
      );
  }
}

/** A picture inside the body is drawn; an address is shown as text, since nothing may be asked of the network. */
function Picture({ url }: { readonly url: string }) {
  const [broken, setBroken] = useState(false);
  if (!isDrawnImage(url)) {
    return <div className={classes.hint}>with image {url === '' ? 'without an address' : shorten(url)}</div>;
  }
  if (broken) return <div className={classes.hint}>with an image that cannot be drawn: {shorten(url)}</div>;
  return <img src={url} alt="Part of the message" className={classes.picture} onError={() => setBroken(true)} />;
}

function shorten(url: string): string {
  return url.length > 200 ? `${url.slice(0, 200)}…` : url;
}

function LongText({ text }: { readonly text: string }) {
  const [whole, setWhole] = useState(false);
  const cut = !whole && text.length > SHOWN_CHARACTERS;
  const shown = cut ? text.slice(0, SHOWN_CHARACTERS) : text;
  const segments = useMemo(() => splitCodeBlocks(shown), [shown]);
  return (
    <>
      {segments.map((segment, index) =>
        segment.kind === 'text' ? (
          <div key={index} className={classes.text}>
            <Highlighted text={segment.text} />
          </div>
        ) : (
          <div key={index} className={classes.fenced}>
            {segment.language !== null && <span className={classes.language}>{segment.language}</span>}
            <CodeBlock code={segment.code} what={segment.language === null ? 'code' : `${segment.language} code`}>
              <Highlighted text={segment.code} />
            </CodeBlock>
          </div>
        ),
      )}
      {cut && (
        <Button size="compact-xs" variant="default" onClick={() => setWhole(true)}>
          Show the other {(text.length - SHOWN_CHARACTERS).toLocaleString('en-US')} characters
        </Button>
      )}
    </>
  );
}
