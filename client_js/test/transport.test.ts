import { beforeEach, describe, expect, it, vi } from "vitest";
import { decode, encode } from "../src/codec";
import { CHUNK_BYTES, Joiner, type Link, openLink, pieces } from "../src/transport";

class FakeSocket {
  static last: FakeSocket;
  binaryType = "";
  readyState = 1;
  sent: Uint8Array[] = [];
  closedWith: number | undefined;
  onopen?: () => void;
  onmessage?: (event: { data: ArrayBuffer }) => void;
  onclose?: (event: { code: number; reason: string }) => void;

  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {
    FakeSocket.last = this;
  }

  send(frame: Uint8Array): void {
    this.sent.push(frame);
  }

  close(code?: number): void {
    this.closedWith = code ?? 1000;
  }

  receive(value: unknown): void {
    this.receiveBytes(encode(value));
  }

  receiveBytes(bytes: Uint8Array): void {
    this.onmessage?.({ data: bytes.slice().buffer as ArrayBuffer });
  }
}

describe("a link", () => {
  let heard: unknown[];
  let link: Link;
  let socket: FakeSocket;

  beforeEach(() => {
    heard = [];
    link = openLink(
      "ws://x/_wscb/ws",
      {
        opened: () => heard.push("opened"),
        alive: () => heard.push("alive"),
        message: (message, size) => heard.push([message.type, size]),
        closed: (code) => heard.push(code),
      },
      FakeSocket as unknown as typeof WebSocket,
    );
    socket = FakeSocket.last;
  });

  it("speaks wscb.v1 in array buffers", () => {
    expect([socket.url, socket.protocol, socket.binaryType]).toEqual([
      "ws://x/_wscb/ws",
      "wscb.v1",
      "arraybuffer",
    ]);
  });

  it("passes on what it hears", () => {
    socket.onopen?.();
    socket.receive({ type: "ping" });
    socket.onclose?.({ code: 4000, reason: "" });
    socket.onclose?.({ code: 1006, reason: "" });
    expect(heard).toEqual(["opened", "alive", ["ping", encode({ type: "ping" }).length], 4000]);
  });

  it("joins chunks; each is a sign of life, and other messages may come between", () => {
    const frame = encode({ type: "delta", to: 1, cq: 0, changes: [["set", "a", "x", "y".repeat(100)]] });
    socket.receive({ type: "chunk", data: frame.subarray(0, 50), last: false });
    socket.receive({ type: "ping" });
    socket.receive({ type: "chunk", data: frame.subarray(50), last: true });
    expect(heard).toEqual(["alive", "alive", ["ping", 11], "alive", ["delta", frame.length]]);
  });

  it.each([
    ["bytes", Uint8Array.of(0xc1)],
    ["a value", encode(5)],
    ["nil", encode(null)],
    ["a map without a type", encode({ a: 1 })],
  ])("closes when what comes is no message: %s", (_name, bytes) => {
    socket.receiveBytes(bytes);
    socket.receive({ type: "ping" });
    expect(heard).toEqual(["alive", 4500]);
    expect(socket.closedWith).toBe(4500);
  });

  it("says nothing more once it was closed here", () => {
    link.close();
    socket.onopen?.();
    socket.receive({ type: "ping" });
    socket.onclose?.({ code: 1000, reason: "" });
    expect(heard).toEqual([]);
  });

  it("sends only what the socket can take", () => {
    link.send(Uint8Array.of(1));
    socket.readyState = 3;
    link.send(Uint8Array.of(2));
    expect(socket.sent).toEqual([Uint8Array.of(1)]);
  });
});

it("a long frame travels in pieces, and is whole again", () => {
  for (const size of [1, CHUNK_BYTES - 100, CHUNK_BYTES, 3 * CHUNK_BYTES]) {
    const frame = encode({ type: "invoke", inputs: ["x".repeat(size)] });
    const parts = pieces(frame);
    expect(parts.length).toBe(frame.length <= CHUNK_BYTES ? 1 : Math.ceil(frame.length / CHUNK_BYTES));
    const joiner = new Joiner();
    const joined = parts.map((part) => joiner.feed(part));
    expect(joined.slice(0, -1).every((other) => other === undefined)).toBe(true);
    expect(joined.at(-1)).toEqual({ message: decode(frame), size: frame.length });
  }
});

it("a frame of many pieces is copied once, not once a piece", () => {
  const whole = encode({ type: "delta", changes: "x".repeat(40 * CHUNK_BYTES) });
  const joiner = new Joiner();
  const copied = vi.spyOn(Uint8Array.prototype, "set");
  let joined: ReturnType<Joiner["feed"]>;
  for (const part of pieces(whole)) joined = joiner.feed(part);
  const bytes = copied.mock.calls.reduce((sum, [part]) => sum + part.length, 0);
  copied.mockRestore();
  expect([joined?.size, bytes]).toEqual([whole.length, whole.length]);
  expect(joiner.feed(encode({ type: "chunk", data: encode({ type: "ping" }), last: true }))?.size).toBe(11);
});
