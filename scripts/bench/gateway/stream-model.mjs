// A model server for the gateway's benchmark: streams events whose content is the time at which they were sent, on the
// clock that all processes of the machine share. Started with its port by scripts/bench/gateway/servers.mjs.
import http from 'node:http';

const EVENTS = 50;
const INTERVAL_MS = 20;

http
  .createServer({ noDelay: true }, (req, res) => {
    req.resume();
    req.on('end', () => {
      res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      let sent = 0;
      const timer = setInterval(() => {
        sent += 1;
        const content = String(process.hrtime.bigint());
        if (sent <= EVENTS) {
          const choice = { index: 0, delta: { content }, finish_reason: sent === EVENTS ? 'stop' : null };
          res.write(`data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [choice] })}\n\n`);
          return;
        }
        clearInterval(timer);
        // The comment tells when the end was sent; clients pass over it.
        res.end(`: ${content}\n\ndata: [DONE]\n\n`);
      }, INTERVAL_MS);
      res.on('close', () => clearInterval(timer));
    });
  })
  .listen(Number(process.argv[2]), '127.0.0.1');
