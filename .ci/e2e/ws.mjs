// Speaks with the application as most programs for Node do, and prints what was heard.
import { once } from "node:events";
import WebSocket from "ws";

const url = process.argv[2];
const enter = (name, protocols = []) =>
  new WebSocket(url, protocols, name && { headers: { authorization: `Bearer secret-of-${name}` } });
const closed = async (socket) => {
  const [code, reason] = await once(socket, "close");
  return [code, reason.toString()];
};

const heard = {};
const ann = enter("ann", ["x", "chat.v2"]);
await once(ann, "open");
heard.protocol = ann.protocol;
heard.extensions = ann.extensions; // compression is offered, and not taken
ann.ping("still there?");
heard.pong = (await once(ann, "pong"))[0].toString();
const text = JSON.stringify({ action: "echo", text: "\u00e9".repeat(20_000) });
for (let at = 0; at < text.length; at += 10_000) {
  ann.send(text.slice(at, at + 10_000), { fin: at + 10_000 >= text.length });
}
heard.echo = (await once(ann, "message"))[0].toString() === text;
const stranger = enter();
stranger.on("error", () => {}); // that it was refused
heard.refused = (await once(stranger, "unexpected-response"))[1].statusCode;
const eve = enter("eve");
await once(eve, "open");
eve.send(Buffer.from("bytes"));
heard.binary = await closed(eve);
ann.send('{"action": "leave"}');
heard.left = await closed(ann);
console.log(JSON.stringify(heard));
