import { useMemo } from 'react';
import type { RequestDetail } from '../../../electron/contract/request-row.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { readAnswer } from '../../stores/assemble-answer.ts';
import type { ToolCall } from '../../stores/assemble-answer.ts';
import { readConversation } from '../../stores/read-conversation.ts';
import { formatBody } from './format-body.ts';
import classes from './requests.module.css';

/** What was asked and what was answered, as people read it. */
export function ConversationView({ request }: { readonly request: RequestDetail }) {
  const { request_body: asked, response_body: answered } = request;
  const conversation = useMemo(() => (typeof asked === 'string' ? readConversation(asked) : null), [asked]);
  const answer = useMemo(() => (typeof answered === 'string' ? readAnswer(answered) : null), [answered]);
  const settings = conversation && [
    conversation.maxTokens !== null && `at most ${conversation.maxTokens} tokens`,
    conversation.temperature !== null && `temperature ${conversation.temperature}`,
    conversation.tools.length > 0 && `tools ${conversation.tools.join(', ')}`,
  ];
  if (!conversation && !answer) {
    return <p className={classes.hint}>There is no text to read in it. Request and Response show the bodies.</p>;
  }
  return (
    <div className={classes.conversation}>
      {settings && settings.some(Boolean) && <p className={classes.hint}>{settings.filter(Boolean).join(' · ')}</p>}
      {conversation?.messages.map(({ role, text, toolCalls, attachments }, index) => (
        <Message key={index} role={role} text={text} toolCalls={toolCalls} attachments={attachments} />
      ))}
      {answer && (
        <Message role="answer" text={answer.text} reasoning={answer.reasoning} toolCalls={answer.toolCalls} answer />
      )}
      {answer?.error && <ErrorNotice alert={false} error={{ message: answer.error }} />}
      {!answer && request.state === 'running' && <p className={classes.hint}>The answer is still under way.</p>}
    </div>
  );
}

interface MessageProps {
  readonly role: string;
  readonly text: string;
  readonly reasoning?: string;
  readonly toolCalls: readonly ToolCall[];
  readonly attachments?: readonly string[];
  readonly answer?: boolean;
}

function Message({ role, text, reasoning = '', toolCalls, attachments = [], answer = false }: MessageProps) {
  return (
    <div className={classes.message} data-answer={answer} data-role={role}>
      <div className={classes.role}>
        <span>{roleWord(role)}</span>
        {text !== '' && <CopyButton text={text} what={`text of ${roleWord(role).toLowerCase()}`} />}
      </div>
      {reasoning !== '' && (
        <details className={classes.reasoning}>
          <summary>Reasoning</summary>
          <div className={classes.text}>{reasoning}</div>
        </details>
      )}
      {text !== '' && <div className={classes.text}>{text}</div>}
      {attachments.length > 0 && <div className={classes.hint}>with {attachments.join(', ')}</div>}
      {toolCalls.map((call, index) => (
        <div key={index} className={classes.tool}>
          Calls <code>{call.name}</code>
          <CodeBlock code={formatBody(call.arguments) ?? call.arguments} what={`arguments of ${call.name}`} />
        </div>
      ))}
    </div>
  );
}

function roleWord(role: string): string {
  return role.charAt(0).toUpperCase() + role.slice(1);
}
