/** One WebSocket: frames in, messages out, and chunks both ways. The only file that names WebSocket. */
import { CodecError, decode, encode } from "./codec";
import type { ServerMessage } from "./protocol.gen";

export const SUBPROTOCOL = "wscb.v1";
/** A larger frame travels in pieces of this size, so that a message is a sign of life before it is whole. */
export const CHUNK_BYTES = 64 * 1024;

export interface Handlers {
  opened(): void;
  /** Any frame, a chunk included. */
  alive(): void;
  /** @param size bytes, joined */
  message(message: ServerMessage, size: number): void;
  /** Once, and the last that is heard of it. */
  closed(code: number): void;
}

export interface Link {
  send(frame: Uint8Array): void;
  /** Nothing more is heard of it, `closed` neither. */
  close(): void;
}

export type OpenLink = (url: string, handlers: Handlers) => Link;

const BAD_MESSAGE = 4500;

export function openLink(url: string, handlers: Handlers, Socket: typeof WebSocket = WebSocket): Link {
  const socket = new Socket(url, SUBPROTOCOL);
  const joiner = new Joiner();
  let silent = false;
  const closed = (code: number) => {
    if (!silent) handlers.closed(code);
    silent = true;
  };
  socket.binaryType = "arraybuffer";
  socket.onopen = () => silent || handlers.opened();
  socket.onclose = (event) => closed(event.code);
  socket.onmessage = ({ data }) => {
    if (silent) return;
    handlers.alive();
    let frame: ReturnType<Joiner["feed"]>;
    try {
      frame = joiner.feed(new Uint8Array(data));
    } catch {
      socket.close(BAD_MESSAGE);
      closed(BAD_MESSAGE);
    }
    if (frame) handlers.message(frame.message, frame.size);
  };
  return {
    send(frame) {
      for (const piece of pieces(frame))
        if (socket.readyState === 1) socket.send(piece as Uint8Array<ArrayBuffer>);
    },
    close() {
      silent = true;
      socket.close();
    },
  };
}

/** The frame, or the chunks that carry it. */
export function pieces(frame: Uint8Array): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let from = 0; from < frame.length; from += CHUNK_BYTES) {
    const data = frame.subarray(from, from + CHUNK_BYTES);
    chunks.push(encode({ type: "chunk", data, last: from + CHUNK_BYTES >= frame.length }));
  }
  return chunks[1] ? chunks : [frame];
}

/** Joins chunks, then decodes; other messages may stand between them. */
export class Joiner {
  #parts: Uint8Array[] = [];

  /** @throws CodecError when the bytes are no message */
  feed(frame: Uint8Array): { message: ServerMessage; size: number } | undefined {
    const message = decode(frame) as ServerMessage | null;
    if (typeof message?.type !== "string") throw new CodecError();
    if (message.type !== "chunk") return { message, size: frame.length };
    const parts = this.#parts;
    parts.push(message.data as unknown as Uint8Array);
    if (!message.last) return undefined;
    this.#parts = [];
    const size = parts.reduce((sum, { length }) => sum + length, 0);
    const whole = new Uint8Array(size);
    parts.reduce((at, part) => {
      whole.set(part, at);
      return at + part.length;
    }, 0);
    return { message: decode(whole) as ServerMessage, size };
  }
}
