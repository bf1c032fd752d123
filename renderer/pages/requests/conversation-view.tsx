import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { RequestDetail } from '../../../electron/contract/request-row.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { readAnswer } from '../../stores/assemble-answer.ts';
import { readConversation } from '../../stores/read-conversation.ts';
import type { Conversation } from '../../stores/read-conversation.ts';
import { ConversationMessageView } from './conversation-message.tsx';
import { describeResult } from './describe-result.ts';
import classes from './requests.module.css';

/** Messages drawn at first; a conversation may have ten thousand. The first ones hold the system prompt. */
const FIRST_SHOWN = 3;
const LAST_SHOWN = 30;

/** What was asked and what was answered, as people read it. */
export function ConversationView({ request }: { readonly request: RequestDetail }) {
  const { request_body: asked, response_body: answered } = request;
  const conversation = useMemo(() => (typeof asked === 'string' ? readConversation(asked) : null), [asked]);
  const answer = useMemo(() => (typeof answered === 'string' ? readAnswer(answered) : null), [answered]);
  const result = useMemo(
    () => (typeof answered === 'string' && !answer ? describeResult(answered) : []),
    [answered, answer],
  );
  if (!conversation && !answer && result.length === 0) {
    return <p className={classes.hint}>There is no text to read in it. Request and Response show the bodies.</p>;
  }
  return (
    <div className={classes.conversation}>
      {conversation && <Settings conversation={conversation} />}
      {conversation && <Messages conversation={conversation} />}
      {answer && (
        <ConversationMessageView
          role="answer"
          parts={[
            ...(answer.reasoning === '' ? [] : [{ kind: 'reasoning', text: answer.reasoning } as const]),
            ...(answer.text === '' ? [] : [{ kind: 'text', text: answer.text } as const]),
          ]}
          toolCalls={answer.toolCalls}
          answer
        />
      )}
      {result.length > 0 && (
        <ConversationMessageView
          role="answer"
          parts={[{ kind: 'text', text: result.join('\n') }]}
          toolCalls={[]}
          answer
        />
      )}
      {answer?.error && <ErrorNotice alert={false} error={{ message: answer.error }} />}
      {!answer && request.state === 'running' && <p className={classes.hint}>The answer is still under way.</p>}
    </div>
  );
}

function Settings({ conversation: { maxTokens, temperature, tools } }: { readonly conversation: Conversation }) {
  const settings = [
    maxTokens !== null && `at most ${maxTokens.toLocaleString('en-US')} tokens`,
    temperature !== null && `temperature ${temperature}`,
    tools.length > 0 && `tools ${tools.join(', ')}`,
  ].filter(Boolean);
  return settings.length === 0 ? null : <p className={classes.hint}>{settings.join(' · ')}</p>;
}

function Messages({ conversation: { messages } }: { readonly conversation: Conversation }) {
  const [whole, setWhole] = useState(false);
  const hidden = whole ? 0 : Math.max(0, messages.length - FIRST_SHOWN - LAST_SHOWN);
  return (
    <>
      {messages.map((message, index) => {
        if (index === FIRST_SHOWN && hidden > 0) {
          return (
            <Button key={index} size="xs" variant="default" onClick={() => setWhole(true)}>
              Show {hidden.toLocaleString('en-US')} messages in between
            </Button>
          );
        }
        if (index > FIRST_SHOWN && index < FIRST_SHOWN + hidden) return null;
        return <ConversationMessageView key={index} {...message} />;
      })}
    </>
  );
}
